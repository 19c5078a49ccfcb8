"""Each way in which a request can betray its arguments is found, under the requirement that it breaks."""

import json
from typing import Any

import pytest

from conformance.harness.judges.fidelity.sent.request import judge_request
from tests.conformance.judges.fidelity.making import KEY, USUAL, broken, request

ID = "org_01EHWNCE74X7JSDV0X3SZ3KJNY"


def found(operation: str, arguments: dict[str, Any], method: str, target: str, body: bytes = b"") -> list[str]:
    return broken(judge_request(operation, arguments, request(method, target, body), KEY))


@pytest.mark.parametrize(
    ("operation", "arguments", "method", "target", "body"),
    [
        ("get", {"id": ID}, "GET", f"/organizations/{ID}", b""),
        ("delete", {"id": ID}, "DELETE", f"/organizations/{ID}", b""),
        ("lookup", {"external_id": "a/b"}, "GET", "/organizations/external_id/a%2fb", b""),
        ("lookup", {"external_id": "a:b@c+d;e"}, "GET", "/organizations/external_id/a:b@c+d%3Be", b""),
        ("lookup", {"external_id": ".."}, "GET", "/organizations/external_id/%2E%2e", b""),
        ("lookup", {"external_id": "é \u682a"}, "GET", "/organizations/external_id/%C3%A9%20%E6%A0%AA", b""),
        ("list", {}, "GET", "/organizations", b""),
        ("list", {"limit": 5, "order": "asc"}, "GET", "/organizations?order=asc&limit=5", b""),
        ("list", {"domains": ["a.com", "b.com"]}, "GET", "/organizations?domains=a.com,b.com", b""),
        ("list", {"domains": ["a.com", "b.com"]}, "GET", "/organizations?domains=a.com%2Cb.com", b""),
        ("list", {"domains": []}, "GET", "/organizations", b""),
        ("list", {"search": "C++ & Co #1"}, "GET", "/organizations?search=C%2B%2B+%26%20Co%20%231", b""),
        ("list", {"search": None}, "GET", "/organizations", b""),
        ("iterate", {"limit": 2, "after": ID}, "GET", f"/organizations?limit=2&after={ID}", b""),
        ("create", {"name": "A"}, "POST", "/organizations", b' {"name" : "\\u0041"}'),
        ("update", {"id": ID}, "PUT", f"/organizations/{ID}", b"{}"),
        ("update", {"id": ID, "external_id": None}, "PUT", f"/organizations/{ID}", b'{"external_id":null}'),
    ],
)
def test_a_faithful_request_is_beyond_reproach(
    operation: str, arguments: dict[str, Any], method: str, target: str, body: bytes
) -> None:
    assert found(operation, arguments, method, target, body) == []


@pytest.mark.parametrize(
    ("operation", "arguments", "method", "target", "requirement"),
    [
        ("get", {"id": ID}, "POST", f"/organizations/{ID}", "route"),
        ("get", {"id": ID}, "GET", f"/organization/{ID}", "route"),
        ("get", {"id": ID}, "GET", f"/v1/organizations/{ID}", "route"),
        ("list", {}, "GET", "/organizations/", "route"),
        ("get", {"id": ID}, "GET", f"/organizations/{ID}/", "path-segment"),
        ("get", {"id": ID}, "GET", f"/organizations/{ID.lower()}", "path-segment"),
        ("get", {"id": "a/b"}, "GET", "/organizations/a/b", "path-segment"),
        ("get", {"id": "a/b"}, "GET", "/organizations/a%252Fb", "path-segment"),
        ("get", {"id": "a b"}, "GET", "/organizations/a+b", "path-segment"),
        ("get", {"id": "a?b"}, "GET", "/organizations/a?b", "path-segment"),
        ("get", {"id": "a#b"}, "GET", "/organizations/a", "path-segment"),
        ("get", {"id": "100%"}, "GET", "/organizations/100%", "path-segment"),
        ("get", {"id": 'a"b'}, "GET", '/organizations/a"b', "path-segment"),
        ("get", {"id": "é"}, "GET", "/organizations/%E9", "path-segment"),
        ("get", {"id": ".."}, "GET", "/", "dot-segment"),
        ("lookup", {"external_id": "."}, "GET", "/organizations/external_id/", "dot-segment"),
        ("lookup", {"external_id": ".."}, "GET", "/organizations", "dot-segment"),
        ("get", {"id": ID}, "GET", f"/organizations/{ID}?expand=all", "query-declared"),
        ("get", {"id": "a?b=c"}, "GET", "/organizations/a?b=c", "path-segment"),
    ],
)
def test_a_wrong_path_is_found(
    operation: str, arguments: dict[str, Any], method: str, target: str, requirement: str
) -> None:
    assert found(operation, arguments, method, target) == [f"sdk.request.{requirement}"]


@pytest.mark.parametrize(
    ("arguments", "query", "requirement"),
    [
        ({}, "page=1", "query-declared"),
        ({}, "expand[]=all", "query-declared"),
        ({"domains": ["a.com", "b.com"]}, "domains=a.com&domains=b.com", "query-style"),
        ({"domains": ["a.com", "b.com"]}, "domains[]=a.com&domains[]=b.com", "query-style"),
        ({"domains": ["a.com", "b.com"]}, "domains%5B0%5D=a.com", "query-style"),
        ({"limit": 5}, "limit=5&limit=5", "query-style"),
        ({"domains": ["a.com", "b.com"]}, "domains=a.com", "query-complete"),
        ({"domains": ["a.com", "b.com"]}, "domains=a.com%20b.com", "query-style"),
        ({"domains": ["a.com"]}, "domains=%5B%22a.com%22%5D", "query-style"),
        ({"domains": ["A.com"]}, "domains=a.com", "query-complete"),
        ({"search": "C++"}, "search=C++", "query-complete"),
        ({"search": "a&b"}, "search=a", "query-complete"),
        ({"search": "00250"}, "search=250", "query-complete"),
        ({"search": ""}, "", "query-complete"),
        ({"limit": 100}, "", "query-complete"),
        ({"limit": 10}, "limit=100", "query-complete"),
        ({"after": "org_1"}, "after=org_2", "query-complete"),
        ({"search": None}, "search=null", "query-adds-nothing"),
        ({}, "limit=100", "query-adds-nothing"),
        ({"after": "x"}, "after=x&before=", "query-adds-nothing"),
        ({}, "order=desc", "query-adds-default"),
        ({}, "limit=10", "query-adds-default"),
    ],
)
def test_a_wrong_query_is_found(arguments: dict[str, Any], query: str, requirement: str) -> None:
    target = f"/organizations?{query}" if query else "/organizations"
    assert set(found("list", arguments, "GET", target)) == {f"sdk.request.{requirement}"}


def test_an_iteration_may_choose_the_size_of_its_pages() -> None:
    assert found("iterate", {}, "GET", "/organizations?limit=100") == ["sdk.request.query-adds-default"]
    assert found("iterate", {"limit": 2}, "GET", "/organizations?limit=100") == ["sdk.request.query-complete"]


FIELDS = {
    "name": "0250",
    "metadata": {"some_key": "1", "__proto__": ""},
    "domain_data": [{"domain": "a.com", "state": "pending"}],
    "external_id": None,
    "allow_profiles_outside_organization": False,
}


def test_the_whole_body_is_faithful() -> None:
    assert found("create", FIELDS, "POST", "/organizations", json.dumps(FIELDS).encode()) == []


def without(name: str) -> dict[str, Any]:
    return {field: value for field, value in FIELDS.items() if field != name}


@pytest.mark.parametrize(
    ("sent", "requirement"),
    [
        (without("name"), "body-complete"),
        (without("metadata"), "body-complete"),
        (without("allow_profiles_outside_organization"), "body-complete"),
        (without("external_id"), "null-and-absent"),
        ({**FIELDS, "name": 250}, "body-values"),
        ({**FIELDS, "name": "250"}, "body-values"),
        ({**FIELDS, "name": None}, "body-values"),
        ({**FIELDS, "metadata": {"some_key": "1"}}, "null-and-absent"),
        ({**FIELDS, "metadata": {"some_key": "1", "__proto__": None}}, "null-and-absent"),
        ({**FIELDS, "metadata": {"someKey": "1", "__proto__": ""}}, "body-values"),
        ({**FIELDS, "metadata": {"some_key": 1, "__proto__": ""}}, "body-values"),
        ({**FIELDS, "metadata": {**FIELDS["metadata"], "more": ""}}, "body-values"),  # type: ignore[dict-item]
        ({**FIELDS, "domain_data": [{"domain": "a.com"}]}, "body-values"),
        ({**FIELDS, "domain_data": []}, "body-values"),
        ({**FIELDS, "external_id": ""}, "null-and-absent"),
        ({**FIELDS, "external_id": "null"}, "body-values"),
        ({**FIELDS, "allow_profiles_outside_organization": 0}, "body-values"),
        ({**FIELDS, "domains": None}, "body-adds-nothing"),
        ({**FIELDS, "domains": []}, "body-adds-nothing"),
        ([FIELDS], "body-valid"),
    ],
)
def test_a_wrong_body_is_found(sent: object, requirement: str) -> None:
    body = json.dumps(sent).encode()
    assert found("create", FIELDS, "POST", "/organizations", body) == [f"sdk.request.{requirement}"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [({}, None), (None, {}), ({}, "absent"), (None, "absent")],
    ids=["{}/null", "null/{}", "{}", "null"],
)
def test_null_empty_and_absent_stay_apart(given: object, sent: object) -> None:
    body = {} if sent == "absent" else {"metadata": sent}
    arguments = {"id": ID, "metadata": given}
    seen = found("update", arguments, "PUT", f"/organizations/{ID}", json.dumps(body).encode())
    assert seen == ["sdk.request.null-and-absent"]


@pytest.mark.parametrize(
    "body",
    [b"", b"name=0250", b'{"name": "0250"', b'{"name": "\xff"}', b'{"name": NaN}', b'{"name": "a", "name": "0250"}'],
    ids=["empty", "a form", "cut off", "not UTF-8", "NaN", "a field twice"],
)
def test_what_is_not_one_json_object_is_found(body: bytes) -> None:
    assert found("create", {"name": "0250"}, "POST", "/organizations", body) == ["sdk.request.body-valid"]


def test_a_body_where_none_is_documented_is_found() -> None:
    assert found("delete", {"id": ID}, "DELETE", f"/organizations/{ID}", b"{}") == ["sdk.request.no-body"]


def replaced(name: bytes, *values: bytes) -> tuple[tuple[bytes, bytes], ...]:
    return (*(pair for pair in USUAL if pair[0] != name), *((name, value) for value in values))


@pytest.mark.parametrize(
    ("headers", "requirement"),
    [
        (replaced(b"Authorization"), "authorization"),
        (replaced(b"Authorization", KEY.encode()), "authorization"),
        (replaced(b"Authorization", b"Bearer " + KEY[:-1].encode()), "authorization"),
        (replaced(b"Authorization", b"Basic " + KEY.encode()), "authorization"),
        (replaced(b"Authorization", *[b"Bearer " + KEY.encode()] * 2), "authorization"),
        (replaced(b"Content-Type"), "content-type"),
        (replaced(b"Content-Type", b"text/plain"), "content-type"),
        (replaced(b"User-Agent", b"okhttp/4"), "names-release"),
    ],
)
def test_a_wrong_header_is_found(headers: tuple[tuple[bytes, bytes], ...], requirement: str) -> None:
    asked = request("POST", "/organizations", b'{"name":"A"}', headers)
    assert broken(judge_request("create", {"name": "A"}, asked, KEY)) == [f"sdk.request.{requirement}"]


@pytest.mark.parametrize(
    "headers",
    [
        replaced(b"Authorization", b"bearer " + KEY.encode()),
        replaced(b"Content-Type", b"Application/JSON; charset=utf-8"),
        tuple((name.lower(), value) for name, value in USUAL),
    ],
    ids=["scheme in lower case", "charset", "names in lower case"],
)
def test_spellings_of_headers_are_alike(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    asked = request("POST", "/organizations", b'{"name":"A"}', headers)
    assert list(judge_request("create", {"name": "A"}, asked, KEY)) == []


@pytest.mark.parametrize(
    ("options", "headers", "expected"),
    [
        ({"idempotency_key": "k"}, ((b"Idempotency-Key", b"k"),), []),
        ({"idempotency_key": "k"}, (), ["sdk.options.idempotency-key"]),
        ({"idempotency_key": "k"}, ((b"Idempotency-Key", b"other"),), ["sdk.options.idempotency-key"]),
        ({"extra_headers": {"X-Trace": "1"}}, ((b"x-trace", b"1"),), []),
        ({"extra_headers": {"X-Trace": "1"}}, (), ["sdk.options.extra-headers"]),
        ({}, ((b"Idempotency-Key", b"generated"),), []),
    ],
)
def test_options_of_a_call_reach_the_wire(
    options: dict[str, Any], headers: tuple[tuple[bytes, bytes], ...], expected: list[str]
) -> None:
    asked = request("POST", "/organizations", b'{"name":"A"}', (*USUAL, *headers))
    assert broken(judge_request("create", {"name": "A"}, asked, KEY, options)) == expected


def test_a_malformed_request_is_found_once() -> None:
    asked = request("GET", "/a b", fault="illegal request line")
    assert broken(judge_request("get", {"id": "a b"}, asked, KEY)) == ["sdk.request.well-formed"]


def test_a_discrepancy_names_the_place() -> None:
    sent = {**FIELDS, "metadata": {"some_key": "2", "__proto__": ""}}
    asked = request("POST", "/organizations", json.dumps(sent).encode())
    (only,) = judge_request("create", FIELDS, asked, KEY)
    assert (only.expected, only.seen) == ('metadata["some_key"] "1"', 'metadata["some_key"] "2"')
