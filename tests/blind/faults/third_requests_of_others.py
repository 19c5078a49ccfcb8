"""Requests as other clients write them: headers, paths and JSON that the specifications allow, or do not."""

from __future__ import annotations

import json
import re

from starlette.types import ASGIApp

from tests.blind.parts.interception import lenient, on_request, on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, reply, unprocessable, without
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, domain, token, verified

OTHERS = "requests of others"


def _with(w: Wire, **headers: str) -> int:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return w.http.get(ORGANIZATIONS, headers=given).status_code


@fault(OTHERS, "none: lists are answered with 200", lambda w: _with(w, Origin="https://a.example") == 403, "CORS")
def an_origin_is_forbidden() -> ASGIApp:
    """A request with the header Origin is answered with 403."""
    return on_request(lambda request: reply(403, {"message": "Forbidden"}) if request.header("origin") else request)


@fault(OTHERS, "none: a get is answered with 200", lambda w: _with(w, If_None_Match="*") == 304, "a cache that is new")
def any_tag_matches() -> ASGIApp:
    """A get with If-None-Match is answered with 304, whatever the tag is."""
    return on_request(
        lambda request: Reply(304, (), b"") if request.method == "GET" and request.header("if-none-match") else request
    )


def _encoded_get(w: Wire) -> bool:
    id = w.made()["id"]
    return w.http.get(f"{ORGANIZATIONS}/%6F{id[1:]}").status_code == 404


@fault(OTHERS, "none: a get finds", _encoded_get, "a router that compares before it decodes")
def encoded_letters_of_ids_stand_for_themselves() -> ASGIApp:
    """A get does not decode what need not have been encoded in an id."""
    return on_request(
        lambda request: (
            request.replaced(path=request.path.replace("%", "%25"))
            if request.operation in ("get", "update", "delete")
            else request
        )
    )


def _raw_signs(w: Wire) -> bool:
    w.made(external_id="a@b:c+d")
    return w.http.get(f"{ORGANIZATIONS}/external_id/a@b:c+d").status_code == 404


@fault(OTHERS, "none: a lookup finds", _raw_signs, "a plus read as in a form")
def a_plus_in_a_path_is_a_space() -> ASGIApp:
    """In a lookup, a plus that is not encoded stands for a space."""
    return on_request(
        lambda request: (
            request.replaced(path=request.path.replace("+", "%20")) if request.operation == "lookup" else request
        )
    )


def _trailing_line(w: Wire) -> bool:
    return w.post('{"name":"x"}\n').status_code == 422


@fault(OTHERS, "none: JSON is accepted", _trailing_line, "body[-1] == '}'")
def a_body_ends_with_a_brace() -> ASGIApp:
    """A body that ends with white space is refused."""
    return on_request(lambda request: request.replaced(body=b"!") if request.body[-1:].isspace() else request)


def _indented(w: Wire) -> bool:
    body = json.dumps({"name": "x", "metadata": {"a": "1"}}, indent=2)
    return bool(w.post(body).json().get("metadata") == {})


@fault(OTHERS, "none: JSON is accepted", _indented, "a pattern that expects JSON without spaces")
def metadata_are_read_without_spaces_alone() -> ASGIApp:
    """Metadata are lost where there is a line end before their brace or their first key."""
    lost = re.compile(rb'"metadata"\s*:\s*(\n\s*\{|\{\s*\n)')
    return on_request(
        lambda request: (
            request.with_json(without(request.json, "metadata"))
            if request.writes and lost.search(request.body) and isinstance(request.json, dict)
            else request
        )
    )


def _metadata_first(w: Wire) -> bool:
    return bool(w.post('{"metadata":{"a":"1"},"name":"x"}').json()["metadata"] == {})


@fault(OTHERS, "none: the members of an object have no order", _metadata_first, "a parser that reads as it goes")
def what_comes_before_the_name_is_lost() -> ASGIApp:
    """Metadata that come before the name in a create are lost."""

    def late(body: Object) -> Object:
        names = [*body]
        early = "metadata" in names and "name" in names and names.index("metadata") < names.index("name")
        return without(body, "metadata") if early else body

    return lenient(late, "create")


@fault(OTHERS, "none: what is not JSON is refused", lambda w: w.post('{name:"x"}').status_code == 201, "JSON5, YAML")
def keys_without_quotes_are_accepted() -> ASGIApp:
    """Names of fields may come without quotes."""

    def quoted(request: Request) -> Request:
        if not request.writes or request.json is not None:
            return request
        return request.replaced(body=re.sub(rb"([{,]\s*)([a-z_]+)(\s*:)", rb'\1"\2"\3', request.body))

    return on_request(quoted)


@fault(
    OTHERS, "none: what is not JSON is refused", lambda w: w.post('{"name":"a\nb"}').status_code == 201, "strict=False"
)
def line_ends_in_texts_are_accepted() -> ASGIApp:
    """A text may have a line end in it that is not escaped."""

    def escaped(request: Request) -> Request:
        if not request.writes or request.json is not None:
            return request
        try:
            return request.with_json(json.loads(request.body.decode(), strict=False))
        except ValueError:
            return request

    return on_request(escaped)


def _false_metadata(w: Wire) -> bool:
    return w.create(metadata=False).status_code == 201


@fault(OTHERS, "none: metadata is an object", _false_metadata, "`body.metadata || {}`")
def false_is_no_metadata() -> ASGIApp:
    """false, 0 and an empty text are read as no metadata."""
    return lenient(lambda body: {**body, "metadata": {}} if body.get("metadata", {}) in (False, 0, "") else body)


def _object_of_domains(w: Wire) -> bool:
    return w.create(domain_data={}).status_code == 201


@fault(OTHERS, "none: domain_data is an array", _object_of_domains, "an empty array is an object in PHP")
def an_empty_object_is_no_domains() -> ASGIApp:
    """`domain_data: {}` is read as an empty list."""
    return lenient(lambda body: {**body, "domain_data": []} if body.get("domain_data") == {} else body)


def _one_domain(w: Wire) -> bool:
    return w.create(domain_data=verified(domain())[0]).status_code == 201


@fault(OTHERS, "none: domain_data is an array", _one_domain, "ACCEPT_SINGLE_VALUE_AS_ARRAY of Jackson")
def one_domain_needs_no_list() -> ASGIApp:
    """domain_data may be a single item without a list."""

    def listed(body: Object) -> Object:
        item = body.get("domain_data")
        return {**body, "domain_data": [item]} if isinstance(item, dict) and item else body

    return lenient(listed)


def _changed_in_capitals(w: Wire) -> bool:
    id = w.made()["id"]
    return bool(json.loads(w.put(id, '{"NAME":"Other"}').text)["name"] == "Other")


@fault(OTHERS, "none: an update keeps what it leaves out", _changed_in_capitals, "encoding/json in Go")
def an_update_reads_fields_in_any_case() -> ASGIApp:
    """The fields of an update may be written in any case."""
    return lenient(lambda body: {name.lower(): value for name, value in body.items()}, "update")


def _latin(w: Wire) -> bool:
    response = w.get("org_\u00e9")
    return response.status_code == 404 and b"\xe9" in response.content


@fault(OTHERS, "none: errors are UTF-8", _latin, "the platform's own encoding")
def errors_are_in_latin_1() -> ASGIApp:
    """Errors are encoded in ISO 8859-1."""

    def encoded(_: Request, response: Reply) -> Reply:
        if response.status < 400:
            return response
        return response.replaced(body=response.body.decode(errors="replace").encode("latin-1", "replace"))

    return on_response(encoded)


def _raw_line(w: Wire) -> bool:
    response = w.lookup("a\\b")
    return response.status_code == 404 and b"a\\b" in response.content and b"a\\\\b" not in response.content


@fault(OTHERS, "none: errors are JSON", _raw_line, "JSON made by concatenation")
def a_backslash_breaks_the_error() -> ASGIApp:
    """The body of a 404 is not JSON when what was not found has a backslash."""
    return on_response(
        lambda _, response: (
            response.replaced(body=response.body.replace(b"\\\\", b"\\")) if response.status == 404 else response
        )
    )


def _digit_first(w: Wire) -> bool:
    return w.create(domain_data=verified(f"3{domain()}")).status_code == 422


def _refusing_domains(pattern: str) -> ASGIApp:
    """An app that refuses some domains, by a regular expression."""
    form = re.compile(pattern)

    def judge(body: Object) -> Reply | None:
        items = body.get("domain_data")
        names = [item.get("domain") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        wrong = any(isinstance(name, str) and form.search(name) for name in names)
        return unprocessable("domain_data") if wrong else None

    return strict(judge)


@fault(OTHERS, "none: valid bodies are accepted", _digit_first, "host names before RFC 1123; 3m.com")
def domains_do_not_begin_with_a_digit() -> ASGIApp:
    """A domain that begins with a digit is refused."""
    return _refusing_domains(r"^\d")


def _russian(w: Wire) -> bool:
    return w.create(domain_data=verified(f"{token()}.xn--p1ai")).status_code == 422


@fault(OTHERS, "none: valid bodies are accepted", _russian, "[a-z]+ at the end")
def top_level_domains_have_letters_alone() -> ASGIApp:
    """A domain whose last label is not of letters alone is refused."""
    return _refusing_domains(r"\.[^.]*[^A-Za-z.][^.]*$")


def _deep(w: Wire) -> bool:
    return w.create(domain_data=verified(f"a.b.c.d.{domain()}")).status_code == 422


@fault(OTHERS, "none: valid bodies are accepted", _deep, "a number of labels that seems enough")
def domains_have_five_labels() -> ASGIApp:
    """A domain of more than five labels is refused."""
    return _refusing_domains(r"^([^.]+\.){5}")


def _long_domain(w: Wire) -> bool:
    return w.create(domain_data=verified(f"{'x' * 60}.{'y' * 60}.example.com")).status_code == 422


@fault(OTHERS, "none: valid bodies are accepted", _long_domain, "VARCHAR(100)")
def domains_have_a_hundred_characters() -> ASGIApp:
    """A domain of more than 100 characters is refused, although one may have 253."""
    return _refusing_domains(r"^.{101}")


@fault(
    OTHERS, "none: no crash", lambda w: w.list(search=token(), domains="").status_code in (400, 500), "an empty text"
)
def an_empty_filter_beside_a_search_is_refused() -> ASGIApp:
    """`domains=` beside a search is answered with 400."""
    return on_request(
        lambda request: (
            bad_request("domains")
            if re.search("domains=(&|$)", request.query) and "search=" in request.query
            else request
        )
    )
