"""What a script can tell of an assertion that failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from conformance.harness.api.call import Call, NoResponse
from conformance.harness.api.page import Ids, Page
from conformance.harness.evidence.comparison import Comparison
from conformance.harness.fixtures.gap import gap_in
from conformance.harness.judges.checks import (
    Check,
    all_differ,
    has,
    has_key,
    lacks,
    later,
    order,
    status,
    successes,
)
from conformance.harness.judges.holding import of_ids
from tests.reports.stories import GET

LISTED = Call("list", {}, NoResponse("unsent"), (GET,))
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
MANY = [f"org_{number}" for number in range(20)]
TOLD = {
    "a status in one hundred": (Comparison("in", 200, range(400, 500)), "status", [status("4??")]),
    "a status in several": (Comparison("in", 500, range(200, 500)), "status", [status("2??", "3??", "4??")]),
    "successes at once": (Comparison("==", 3, 1), "number of successes", [successes(1)]),
    "an id that is on the page": (Comparison("not in", "a", Ids(["a"], LISTED)), "id", [lacks("a", "id")]),
    "an id that is missing": (Comparison("in", "b", Ids(["a"], LISTED)), "id", [has("b", "id")]),
    "a key that is missing": (Comparison("in", "b", {"a": "1"}), "", [has_key("b")]),
    "keys that are missing": (Comparison("==", ["a"], ["a", "b"]), "metadata", [has_key("b")]),
    "the value of a key": (Comparison("==", None, "null"), "metadata value", [has("null")]),
    "ids of any form": (Comparison("==", ["1"], []), "ids met twice", [lacks("1", "id")]),
    "a later time": (Comparison(">", NOON, NOON), "updated", [later(".updated_at", "2026-01-02T12:00:00+00:00")]),
    "the same of several reads": (
        Comparison("==", ["cus_1", None], ["cus_1", "cus_1"]),
        "stripe_customer_id",
        [has("cus_1", "stripe_customer_id")],
    ),
    "a text in a set": (Comparison("not in", "a", {"a"}), "id", []),
    "another value": (Comparison("==", "a", "b"), "", []),
}


@pytest.mark.parametrize(("comparison", "name", "checks"), TOLD.values(), ids=TOLD)
def test_what_would_hold_is_told_by_the_names(comparison: Comparison, name: str, checks: list[Check]) -> None:
    assert comparison.checks([name]) == checks


@pytest.mark.parametrize(
    ("expected", "seen", "checks"),
    [
        (["a", "b"], ["b", "a"], [order(["a", "b"])]),
        (["a", "b"], ["a", "b", "a"], [all_differ(".data[].id")]),
        (["a", "b"], ["b", "c"], [has("a", "id"), lacks("c", "id")]),
        (MANY, [*MANY[:9], MANY[10], MANY[9], *MANY[11:]], [order([MANY[9], MANY[10]])]),
        ([], [], []),
    ],
)
def test_of_ids_what_differs_is_asked_for(expected: list[str], seen: list[str], checks: list[Check]) -> None:
    assert list(of_ids(expected, seen)) == checks


@pytest.mark.parametrize(
    ("shown", "number", "checks"),
    [
        ([["a", "b"], ["d"]], 1, (has("c", "id"), lacks("d", "id"))),
        ([["a", "b"], ["c"]], 1, (lacks(None, "after"),)),
        ([["a", "b"], [], ["c", "d"]], 1, (has("c", "id"),)),
        ([["b", "a"], ["c", "d"]], 0, (order(["a", "b"]),)),
    ],
)
def test_a_walk_is_told_by_the_first_page_that_is_not_as_it_should_be(
    shown: list[list[str]], number: int, checks: tuple[Check, ...]
) -> None:
    pages = [Page({}, replace(LISTED, exchanges=(replace(GET, started=float(place)),))) for place in range(len(shown))]
    found = gap_in(pages, shown, ["a", "b", "c", "d"], "after")
    assert (found.exchanges[-1].started, found.checks) == (number, checks)
    assert len(found.exchanges) == number + 1


def test_a_status_that_did_not_come_is_no_response() -> None:
    assert Comparison("in", None, range(200, 500)).sides(["status"]) == ("status 200 to 499", "no response")
