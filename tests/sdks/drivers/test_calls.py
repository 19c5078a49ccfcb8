"""Every operation through every driver: what is sent, what comes back."""

from __future__ import annotations

import json

import pytest

from sdks.calls import Client, Limits, NotExpressible, Options, Raised, Returned, SdkCall
from tests.sdks.drivers.ground import KEY, NOWHERE, Ground, plain, without_nulls

BODY = {
    "name": "Ünïcode 😀 & Söhne",
    "domain_data": [{"domain": "first.example", "state": "verified"}, {"domain": "second.example", "state": "pending"}],
    "metadata": {"Tier.of-it": "diamond", "camelCase": "1"},
    "external_id": "customer-1",
    "allow_profiles_outside_organization": True,
}


def named(on: Ground, *names: str) -> list[str]:
    """Creates organizations; their ids, the newest first."""
    return [on.value("create", {"name": name})["id"] for name in names][::-1]


def test_create_sends_what_it_was_given_and_gives_what_it_was_sent(on: Ground) -> None:
    created = on.value("create", BODY)
    (request,) = on.requests
    assert (request.method, request.target) == ("POST", "/organizations")
    assert json.loads(request.body) == BODY
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert without_nulls(created) == without_nulls(on.served(f"/{created['id']}"))
    assert created["metadata"] == BODY["metadata"]
    assert created["domains"][0]["state"] == "verified"


def test_arguments_that_are_not_given_are_not_sent(on: Ground) -> None:
    (organization,) = named(on, "Plain")
    assert json.loads(on.requests[0].body) == {"name": "Plain"}
    on.value("update", {"id": organization, "stripe_customer_id": "cus_1"})
    assert json.loads(on.requests[1].body) == {"stripe_customer_id": "cus_1"}


def test_empty_values_are_values(on: Ground) -> None:
    given = {"name": "", "domain_data": [], "metadata": {}, "allow_profiles_outside_organization": False}
    on.call("create", given)
    assert json.loads(on.requests[0].body) == given


def test_get_lookup_and_update(on: Ground) -> None:
    organization = on.value("create", BODY)["id"]
    assert without_nulls(on.value("get", {"id": organization})) == without_nulls(on.served(f"/{organization}"))
    assert on.value("lookup", {"external_id": "customer-1"})["id"] == organization
    changed = on.value("update", {"id": organization, "name": "Changed", "domains": ["third.example"]})
    assert changed["name"] == "Changed"
    assert without_nulls(changed) == without_nulls(on.served(f"/{organization}"))
    assert on.requests[-2].target == f"/organizations/{organization}"


def test_delete_gives_nothing(on: Ground) -> None:
    (organization,) = named(on, "Short-lived")
    assert on.value("delete", {"id": organization}) is None
    assert on.requests[-1].method == "DELETE"
    assert on.error("get", {"id": organization}).fields["status"] == 404


def test_list_gives_a_page_with_its_cursors(on: Ground) -> None:
    newest, middle, _ = named(on, "One", "Two", "Three")
    page = on.value("list", {"limit": 2, "order": "desc"})
    assert [item["id"] for item in page["data"]] == [newest, middle]
    assert page["list_metadata"] == {"before": None, "after": middle}
    assert page["data"][0]["name"] == "Three"
    last = on.value("list", {"limit": 2, "order": "desc", "after": middle})
    assert [item["name"] for item in last["data"]] == ["One"]


def test_list_sends_filters(on: Ground) -> None:
    on.value("create", BODY)
    named(on, "Another")
    page = on.value("list", {"search": "Ünïcode", "domains": ["first.example", "elsewhere.example"]})
    assert [item["name"] for item in page["data"]] == [BODY["name"]]


def test_iterate_gives_all_items_in_order_over_pages(on: Ground) -> None:
    ids = named(on, "One", "Two", "Three")
    reply = on.call("iterate", {"limit": 1, "order": "asc"})
    assert isinstance(reply, Returned)
    assert [item["id"] for item in plain(reply.value)["data"]] == ids[::-1]
    assert reply.complete
    assert [request.method for request in on.requests[3:]] == ["GET"] * 3


def test_iterate_stops_at_its_limits(on: Ground) -> None:
    ids = named(on, "One", "Two", "Three")
    reply = on.call("iterate", {"limit": 1}, limits=Limits(items=2))
    assert isinstance(reply, Returned)
    assert [item["id"] for item in plain(reply.value)["data"]] == ids[:2]
    assert reply.complete is False
    assert len(on.requests) == 5


def test_iterate_that_fails_gives_the_error_and_the_items_so_far(on: Ground) -> None:
    error = on.error("iterate", {"limit": 1000})
    assert error.fields["status"] == 422
    assert error.items == ()


@pytest.mark.parametrize(
    ("op", "args", "client", "status", "code"),
    [
        ("get", {"id": "org_unknown"}, {}, 404, "entity_not_found"),
        ("list", {"limit": 1000}, {}, 422, "invalid_request_parameters"),
        ("get", {"id": "org_unknown"}, {"api_key": "sk_wrong"}, 401, None),
    ],
)
def test_an_error_of_the_api(
    on: Ground, op: str, args: dict[str, object], client: dict[str, str], status: int, code: str | None
) -> None:
    error = on.error(op, args, **client)
    kinds = {404: "not_found", 422: "unprocessable", 401: "authentication"}
    # Rust has one type for all answers that are errors.
    assert error.kind == ("api" if on.host.name == "rust" else kinds[status])
    assert error.is_sdk_error
    assert (error.fields["status"], error.fields["code"]) == (status, code)
    assert error.fields["message"]
    assert error.fields["request_id"]


def test_an_error_of_the_connection(on: Ground) -> None:
    error = on.error("get", {"id": "org_1"}, base_url=NOWHERE, max_retries=0)
    assert (error.kind, error.is_sdk_error) == ("connection", True)
    assert not error.fields["status"]


def test_options_of_one_call_reach_the_wire(on: Ground) -> None:
    options = Options(idempotency_key="key-1", extra_headers={"X-Extra": "1"}, max_retries=0)
    on.value("create", {"name": "Once"}, options=options)
    assert on.requests[0].headers["idempotency-key"] == "key-1"
    assert on.requests[0].headers["x-extra"] == "1"
    on.value("list", {})
    assert "x-extra" not in on.requests[1].headers


def test_the_base_url_of_one_call(on: Ground) -> None:
    reply = on.call("list", {}, options=Options(base_url=NOWHERE, max_retries=0))
    if "opts.base_url" in on.host.unsupported:
        assert isinstance(reply, NotExpressible)
    else:
        assert isinstance(reply, Raised)
    assert on.requests == []


def test_calls_at_the_same_time_each_have_their_own_client(on: Ground) -> None:
    calls = [SdkCall("create", {"name": f"{i}"}, Client(on.url, KEY if i % 2 else "sk_wrong")) for i in range(10)]
    replies = on.host.call_together(calls)
    assert [isinstance(reply, Returned) for reply in replies] == [False, True] * 5
    names = [plain(reply.value)["name"] for reply in replies if isinstance(reply, Returned)]
    assert names == ["1", "3", "5", "7", "9"]


def test_a_shared_client_is_made_once(on: Ground) -> None:
    """The second call says another key, to see that the first one's client makes it."""
    on.value("list", {}, shared=on.url)
    on.value("list", {}, shared=on.url, api_key="sk_never_used")
    assert {request.headers["authorization"] for request in on.requests} == {f"Bearer {KEY}"}


def test_it_says_which_release_it_drives(on: Ground) -> None:
    on.value("list", {})
    assert on.host.version in on.requests[0].headers["user-agent"]
