"""The drivers of the SDKs that can be had here, against the embedded emulator and other targets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import pytest

from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from sdks.cache import installed
from sdks.calls import Client, Failed, Failure, Limits, NotExpressible, Options, Raised, Reply, Returned, SdkCall
from sdks.host import Host
from sdks.process import Process
from sdks.request import parse
from sdks.table import SDKS
from sdks.values import Date, EnumMember, untagged
from tests.sdks.echo import Echo, Fixed, Silent
from tests.sdks.having import requires

Json: TypeAlias = Any
KEY = "sk_test_drivers"
UNKNOWN = "org_01EHZNVPK3SFK441A1RGBFSHRT"


@pytest.fixture(scope="module", params=["python", "node", "go"])
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    """The pinned release of each SDK."""
    requires(request.param)
    with Host.open(request.param) as opened:
        yield opened


@pytest.fixture
def target() -> Iterator[str]:
    """The base URL of an emulator without organizations."""
    with serving(Api(Store(), KEY).app()) as url:
        yield url


@pytest.fixture
def call(host: Host, target: str) -> Callable[..., Reply]:
    """Calls an operation of the SDK, with the emulator as its target."""

    def made(op: str, options: Options | None = None, limits: Limits | None = None, **args: Json) -> Reply:
        return host.call(SdkCall(op, args, Client(target, KEY), options or Options(), limits or Limits()))

    return made


def value(reply: Reply) -> Json:
    assert isinstance(reply, Returned), reply
    return untagged(reply.value)


def raised(reply: Reply) -> Raised:
    assert isinstance(reply, Raised), reply
    return reply


def plain(data: Json) -> Json:
    """Without the types that some SDKs have for dates and enums; what only says `not there` left out."""
    if isinstance(data, Mapping):
        return {key: plain(member) for key, member in data.items() if member is not None}
    if isinstance(data, list):
        return [plain(item) for item in data]
    if isinstance(data, Date):
        return data.text.replace("000+00:00", "Z")
    return data.value if isinstance(data, EnumMember) else data


def test_it_is_the_release_that_is_pinned(host: Host) -> None:
    assert host.version == SDKS[host.name].version


def test_an_organization_from_its_creation_to_its_end(call: Callable[..., Reply]) -> None:
    body = {
        "name": "Grüße \U0001d11e",
        "external_id": "a/b?#%",
        "metadata": {"$date": "x", "__proto__": "y", "createdAt": "z", "empty": ""},
        "domain_data": [{"domain": "foo-corp.com", "state": "pending"}],
    }
    created = value(call("create", **body))
    assert {key: created[key] for key in ("name", "external_id", "metadata")} == {
        key: body[key] for key in ("name", "external_id", "metadata")
    }
    assert [plain(domain)["domain"] for domain in created["domains"]] == ["foo-corp.com"]
    assert plain(created["domains"][0])["state"] == "pending"
    assert value(call("get", id=created["id"])) == created
    assert value(call("lookup", external_id="a/b?#%")) == created
    updated = value(call("update", id=created["id"], name="B", metadata={"more": "1"}))
    assert updated["name"] == "B"
    assert updated["metadata"] == {**created["metadata"], "more": "1"}
    assert updated["external_id"] == "a/b?#%"
    assert value(call("delete", id=created["id"])) is None
    assert raised(call("get", id=created["id"])).kind == "not_found"


def test_every_field_comes_back_under_its_name_on_the_wire(host: Host) -> None:
    body = {
        "object": "organization",
        "id": UNKNOWN,
        "name": "A",
        "domains": [
            {
                "object": "organization_domain",
                "id": "org_domain_01EHZNVPK2QXHMVWCEDQEKY69A",
                "organization_id": UNKNOWN,
                "domain": "foo-corp.com",
                "state": "pending",
                "verification_prefix": "p",
                "verification_token": "t",
                "verification_strategy": "dns",
                "created_at": "2026-01-15T12:00:00.123Z",
                "updated_at": "2026-01-15T12:00:00.124Z",
            }
        ],
        "metadata": {"tier": "diamond"},
        "external_id": "e",
        "stripe_customer_id": "cus_R9qWAGMQ6nGE7V",
        "allow_profiles_outside_organization": True,
        "created_at": "2026-01-15T12:00:00.125Z",
        "updated_at": "2026-01-15T12:00:00.126Z",
    }
    with serving(Fixed(200, body)) as url:
        got = value(host.call(SdkCall("get", {"id": UNKNOWN}, Client(url, KEY))))
    assert plain(got) == body


def test_a_page_and_its_cursors(call: Callable[..., Reply]) -> None:
    ids = [value(call("create", name=f"N{number}"))["id"] for number in range(3)]
    page = call("list", limit=2)
    if isinstance(page, NotExpressible):
        assert page.reasons.keys() == {"list"}
        return
    assert [item["id"] for item in value(page)["data"]] == [ids[2], ids[1]]
    assert value(page)["list_metadata"] == {"before": None, "after": ids[1]}
    last = value(call("list", limit=2, after=ids[1], order="desc"))
    assert [item["id"] for item in last["data"]] == [ids[0]]
    assert last["list_metadata"]["after"] is None


def test_iteration_over_several_pages_and_where_it_stops(call: Callable[..., Reply]) -> None:
    ids = [value(call("create", name=f"N{number}"))["id"] for number in range(12)]
    whole = call("iterate", order="asc")
    assert [item["id"] for item in value(whole)["data"]] == ids
    assert isinstance(whole, Returned)
    assert whole.complete is True


def test_iteration_stops_after_so_many_items(host: Host, call: Callable[..., Reply]) -> None:
    for number in range(12):
        call("create", name=f"N{number}")
    some = call("iterate", limits=Limits(items=3))
    assert isinstance(some, Returned)
    if host.name == "node":
        # Its iteration is one promise of all items.
        assert (len(some.value["data"]), some.complete) == (12, True)
    else:
        assert (len(some.value["data"]), some.complete) == (3, False)


def test_filters_reach_the_target(call: Callable[..., Reply]) -> None:
    value(call("create", name="A"))
    wanted = value(call("create", name="B", domain_data=[{"domain": "foo-corp.com", "state": "verified"}]))
    found = value(call("iterate", domains=["foo-corp.com"]))
    assert [item["id"] for item in found["data"]] == [wanted["id"]]


def test_a_null_is_sent_or_declared_as_not_expressible(call: Callable[..., Reply]) -> None:
    created = value(call("create", name="A", external_id="e"))
    cleared = call("update", id=created["id"], external_id=None)
    if isinstance(cleared, NotExpressible):
        assert set(cleared.reasons) <= {"null", "null.update", "null.update.external_id"}
    else:
        assert value(cleared)["external_id"] is None
        assert value(call("get", id=created["id"]))["name"] == "A"


def test_an_error_of_the_api_carries_what_the_answer_said(host: Host, call: Callable[..., Reply]) -> None:
    error = raised(call("get", id=UNKNOWN))
    assert (error.is_sdk_error, error.kind) == (True, "not_found")
    assert (error.fields["status"], error.fields["code"]) == (404, "entity_not_found")
    assert UNKNOWN in error.fields["message"]
    assert error.fields["request_id"]
    assert error.items is None


def test_what_an_error_carries_may_be_of_any_type(host: Host) -> None:
    with serving(Fixed(404, {"message": {"a": 1}, "code": [5]})) as url:
        reply = host.call(SdkCall("get", {"id": UNKNOWN}, Client(url, KEY, max_retries=0)))
    assert isinstance(reply, Raised), reply


def test_a_connection_that_is_refused_is_an_error(host: Host) -> None:
    reply = raised(host.call(SdkCall("get", {"id": UNKNOWN}, Client("http://127.0.0.1:1", KEY, max_retries=0))))
    assert reply.fields["status"] is None


def test_an_error_in_an_iteration_comes_with_the_items_before_it(call: Callable[..., Reply], host: Host) -> None:
    reply = raised(host.call(SdkCall("iterate", {}, Client("http://127.0.0.1:1", KEY, max_retries=0))))
    assert reply.items == ()


def test_clients_side_by_side_run_at_the_same_time_each_with_its_key(host: Host) -> None:
    keys = [f"sk_{number % 2}" for number in range(6)]
    with serving(Echo(together=len(keys))) as url:
        clients = [Client(url, key, shared=key) for key in keys]
        replies = host.call_together([SdkCall("get", {"id": UNKNOWN}, client) for client in clients])
    assert [value(reply)["name"] for reply in replies] == [f"Bearer {key}" for key in keys]


def test_a_shared_client_stays_the_one_of_its_first_call(host: Host) -> None:
    with serving(Echo()) as url:
        for key in ("sk_first", "sk_second"):
            client = Client(url, key, shared=f"shared by {url}")
            assert value(host.call(SdkCall("get", {"id": UNKNOWN}, client)))["name"] == "Bearer sk_first"


@pytest.mark.parametrize(
    ("options", "header"),
    [
        (Options(idempotency_key="key-1"), {"idempotency-key": "key-1"}),
        (Options(extra_headers={"X-Trace": "t"}), {"x-trace": "t"}),
    ],
)
def test_options_of_one_call_are_handed_over(host: Host, options: Options, header: dict[str, str]) -> None:
    with serving(Echo()) as url:
        reply = host.call(SdkCall("create", {"name": "A"}, Client(url, KEY), options))
    if isinstance(reply, NotExpressible):
        assert set(reply.reasons) <= set(host.unsupported)
    else:
        assert header.items() <= value(reply)["metadata"].items()


@pytest.mark.parametrize("where", ["client", "call"])
def test_a_timeout_ends_a_request(host: Host, where: str) -> None:
    silent = Silent()
    in_client, in_call = (500, None) if where == "client" else (None, 500)
    with serving(silent) as url:
        client = Client(url, KEY, max_retries=0, timeout_ms=in_client)
        reply = host.call(SdkCall("get", {"id": UNKNOWN}, client, Options(timeout_ms=in_call)))
    if isinstance(reply, NotExpressible):
        assert set(reply.reasons) <= set(host.unsupported)
    else:
        assert raised(reply)
        assert silent.requests


def test_a_call_that_outlives_its_limit_is_ended_with_its_driver(host: Host, call: Callable[..., Reply]) -> None:
    silent, driver = Silent(), host.pid
    with serving(silent) as url:
        reply = host.call(SdkCall("get", {"id": UNKNOWN}, Client(url, KEY), limits=Limits(ms=200)))
    assert isinstance(reply, Failed)
    assert reply.failure is Failure.HUNG
    assert value(call("create", name="A"))["name"] == "A"
    assert host.pid != driver


def test_values_cross_the_protocol_unharmed(call: Callable[..., Reply]) -> None:
    names = ["null", "0", "2026-01-15T12:00:00.000Z", "$set", "a\u2028b\u2029c", '"\\', "é", "\U0001f600"]
    assert [value(call("create", name=name))["name"] for name in names] == names
    metadata = {"null": "null", "$date": "", "$map": "$enum", "constructor": "x", "created_at": json.dumps(names)}
    assert value(call("create", name="A", metadata=metadata))["metadata"] == metadata


def test_an_argument_that_a_driver_does_not_know_is_never_dropped(host: Host) -> None:
    command = SdkCall("create", {"name": "A", "nmae": "B"}, Client("http://127.0.0.1:1", KEY)).command(1)
    driver = installed(parse(host.name), print)
    process = Process(driver.command, driver.folder)
    try:
        # The host itself would not send this.
        process.write(json.dumps(command).encode() + b"\n")
        reply = json.loads(next(process.lines()))
    finally:
        process.end()
    assert (reply["type"], reply["seq"]) == ("harness_error", 1)
    assert "nmae" in reply["message"]
