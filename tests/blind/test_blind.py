"""What is planted shows at the wire, and what is said of it is true."""

from __future__ import annotations

import json
from collections import Counter

import httpx
import pytest

from specs.requirements import catalogue
from tests.blind.prove import doubt
from tests.blind.registry import controls, everything, faults
from tests.blind.reported import OTHERWISE, REPORTED
from tests.blind.sets import FIRST, sets
from tests.mutants.planting import KEY

WRONG: tuple[object, ...] = (
    None,
    5,
    True,
    "x",
    [],
    [None],
    ["x"],
    [{}],
    {},
    {"a": None},
    {"a": []},
    [{"domain": {}, "state": []}],
)
FIELDS = ("name", "domains", "domain_data", "metadata", "external_id", "allow_profiles_outside_organization", "other")
NESTED = (b'{"name": ' + b"[" * levels + b"]" * levels + b"}" for levels in (900, 1500, 5000))
BROKEN = (
    *(json.dumps({"name": "a", field: value}).encode() for field in FIELDS for value in WRONG),
    *(b"", b" ", b"{", b"null", b"5", b"[]", b"\xff", b'{"name": "\\ud800"}', b'{"name": "a\\u0000"}'),
    *NESTED,
)
"""Bodies that a control may accept or refuse, but not crash at."""

NO_CONNECTION_KEPT = httpx.Limits(max_keepalive_connections=0)


@pytest.mark.parametrize("name", everything())
def test_what_is_planted_shows_where_it_is_planted_alone(name: str) -> None:
    assert doubt(everything()[name]) == ""


@pytest.mark.parametrize("name", controls())
def test_a_control_crashes_at_no_body(name: str) -> None:
    # A control may hang up behind each response: no connection is used twice.
    with controls()[name].served() as url, httpx.Client(base_url=url, limits=NO_CONNECTION_KEPT) as client:
        assert [body for body in BROKEN if status(client, body) >= 500] == []


def status(client: httpx.Client, body: bytes) -> int:
    """The status of a create."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    return client.post("/organizations", content=body, headers=headers).status_code


def test_the_sets_share_no_fault_and_leave_none_out() -> None:
    chosen = sets()
    everywhere = chosen.pop("all")
    assert len(chosen["first"]) == FIRST
    assert Counter(planted.name for some in chosen.values() for planted in some) == Counter([*everything()])
    assert [planted.name for planted in everywhere] == [*everything()]


def test_what_a_fault_breaks_is_in_the_catalogue() -> None:
    believed = {each.requirement for each in faults().values() if not each.requirement.startswith("none: ")}
    reported = {requirement for requirements in REPORTED.values() for requirement in requirements}
    assert (believed | reported) - catalogue().keys() == set()


def test_the_table_of_reports_is_about_faults() -> None:
    assert (REPORTED.keys() | OTHERWISE.keys()) - faults().keys() == set()
    assert REPORTED.keys() & OTHERWISE.keys() == set()
    nameless = {name for name, each in faults().items() if each.requirement.startswith("none: ")}
    assert nameless - REPORTED.keys() - OTHERWISE.keys() == set()


def test_a_fault_breaks_what_binds_as_it_says() -> None:
    groups = {each.requirement: each.group for each in faults().values() if each.requirement in catalogue()}
    assert {name: group for name, group in groups.items() if catalogue()[name].level != group} == {}


def test_everything_planted_is_said_in_a_sentence() -> None:
    assert [name for name, each in everything().items() if not each.sentence.endswith(".")] == []
