"""Which capabilities a call needs, and which of them an SDK lacks."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from sdks import capabilities
from sdks.calls import Options
from tests.sdks.conftest import CLIENT, a_call


@pytest.mark.parametrize(
    ("op", "args", "names"),
    [
        ("get", {}, {"get", "get.id"}),
        ("list", {}, {"list"}),
        (
            "create",
            {"name": "A", "external_id": None},
            {"create", "create.name", "create.external_id", "null.create.external_id"},
        ),
        ("create", {}, {"create", "absent.create.name"}),
        ("create", {"name": None}, {"create", "create.name", "null.create.name"}),
        ("create", {"name": 5}, {"create", "create.name", "type.create.name"}),
        (
            "create",
            {"name": "A", "domain_data": [{"domain": "a.com", "state": "pending"}, {"domain": "b.com"}]},
            {
                *("create", "create.name", "create.domain_data", "create.domain_data.domain"),
                *("create.domain_data.state", "absent.create.domain_data.state"),
            },
        ),
        (
            "create",
            {"name": "A", "domain_data": [{"domain": "a.com", "state": "odd"}]},
            {
                *("create", "create.name", "create.domain_data", "create.domain_data.domain"),
                *("create.domain_data.state", "unknown.create.domain_data.state"),
            },
        ),
        (
            "create",
            {"name": "A", "domain_data": [None]},
            {"create", "create.name", "create.domain_data", "type.create.domain_data"},
        ),
        (
            "update",
            {"id": "org_1", "metadata": {"state": "x", "name": None}},
            {"update", "update.id", "update.metadata", "update.metadata.value", "null.update.metadata.value"},
        ),
        (
            "create",
            {"name": "A", "metadata": {"a": 5}},
            {"create", "create.name", "create.metadata", "create.metadata.value", "type.create.metadata.value"},
        ),
        ("list", {"order": "normal"}, {"list", "list.order", "list.order.normal"}),
        ("list", {"order": "odd"}, {"list", "list.order", "list.order.odd", "unknown.list.order"}),
        ("iterate", {"limit": "5"}, {"iterate", "iterate.limit", "type.iterate.limit"}),
        ("list", {"domains": "a.com"}, {"list", "list.domains", "type.list.domains"}),
        ("list", {"limit": 1000}, {"list", "list.limit"}),
    ],
)
def test_what_a_call_needs(op: str, args: dict[str, Any], names: set[str]) -> None:
    assert set(capabilities.needed(a_call(op, **args))) == names


def test_options_are_needed_too() -> None:
    call = evolve(
        a_call("get"),
        options=Options(timeout_ms=1, extra_headers={}),
        client=evolve(CLIENT, max_retries=0, timeout_ms=1, shared="a", base_url="http://127.0.0.1:1/prefix"),
    )
    assert set(capabilities.needed(call)) == {
        *("get", "get.id", "opts.timeout_ms.get", "opts.extra_headers.get"),
        *("client.max_retries", "client.timeout_ms", "client.base_url.path"),
    }


@pytest.mark.parametrize(
    ("declared", "covered"),
    [
        ("null", True),
        ("null.create", True),
        ("null.create.name", True),
        ("create", True),
        ("create.name", True),
        ("null.update", False),
        ("null.create.nam", False),
        ("update", False),
        ("create.name.value", False),
    ],
)
def test_a_name_covers_itself_and_what_is_below_it(declared: str, covered: bool) -> None:
    call = a_call("create", name=None)
    assert capabilities.lacking(call, {declared: "Reason."}) == ({declared: "Reason."} if covered else {})
