"""An iteration asks for page after page, and gives what the pages hold."""

from typing import Any

import pytest

from conformance.harness.judges.fidelity import judge_call
from conformance.harness.wire.proxy.recording import RecordedExchange, RecordedResponse
from tests.conformance.judges.fidelity.making import GIVEN, SERVED, broken, call, exchange, request, response

BUSY = response(503, {"message": "Busy."})


def page(after: str | None, *ids: str) -> RecordedResponse:
    data = [{**SERVED, "id": name} for name in ids]
    return response(200, {"object": "list", "data": data, "list_metadata": {"before": None, "after": after}})


def asked(query: str, answer: RecordedResponse) -> RecordedExchange:
    return exchange(request("GET", f"/organizations?{query}"), answer)


def items(*ids: str) -> list[dict[str, Any]]:
    return [{**GIVEN, "id": name} for name in ids]


def value(*ids: str, complete: bool = True) -> dict[str, Any]:
    return {"type": "value", "seq": 1, "value": {"data": items(*ids)}, "complete": complete}


def error(*ids: str) -> dict[str, Any]:
    kinds = {"class": "workos.ServerError", "is_sdk_error": True, "kind": "server"}
    return {"type": "error", "seq": 1, **kinds, "message": "Busy.", "items": items(*ids)}


FIRST = asked("limit=2", page("b", "a", "b"))
EMPTY = asked("limit=2&after=b", page("x"))
LAST = asked("limit=2&after=b", page(None, "c"))
REFUSED = asked("limit=2&after=b", BUSY)


@pytest.mark.parametrize(
    ("exchanges", "reply"),
    [
        ([FIRST, LAST], value("a", "b", "c")),
        ([FIRST], value("a", "b", complete=False)),
        ([FIRST, LAST], value("a", "b", complete=False)),
        ([FIRST, REFUSED, LAST], value("a", "b", "c")),
        ([FIRST, REFUSED], error("a", "b")),
        ([FIRST, EMPTY, asked("limit=2&after=x", page(None, "c"))], value("a", "b", "c")),
        ([FIRST, asked("limit=2&after=b", page("b", "c"))], value("a", "b", "c")),
        ([FIRST, asked("limit=2&after=b", response(200, b"<html>"))], error("a", "b")),
        ([asked("limit=2", page(None))], value()),
    ],
    ids=[
        "two pages", "stopped between pages", "stopped within a page", "a page at the second attempt", "an error",
        "an empty page", "a repeated cursor", "a broken page", "nothing at all",
    ],
)  # fmt: skip
def test_a_faithful_iteration_is_beyond_reproach(exchanges: list[RecordedExchange], reply: dict[str, Any]) -> None:
    assert broken(judge_call("iterate", {"limit": 2}, {}, call(*exchanges), reply)) == []


CHANGED = value("a", "b", "c")
CHANGED["value"]["data"][2] = {**GIVEN, "id": "c", "name": "x"}


@pytest.mark.parametrize(
    ("exchanges", "reply", "expected"),
    [
        ([FIRST, LAST], value("a", "b"), "sdk.iterate.all"),
        ([FIRST, LAST], value("a", "c", complete=False), "sdk.iterate.all"),
        ([FIRST, LAST], value("a", "b", "b", "c"), "sdk.iterate.all"),
        ([FIRST, LAST], value("b", "a", "c"), "sdk.iterate.all"),
        ([FIRST], value("a", "b"), "sdk.iterate.all"),
        ([FIRST, EMPTY], value("a", "b"), "sdk.iterate.empty-page"),
        ([FIRST, LAST, asked("limit=2", page(None, "d"))], value("a", "b", "c"), "sdk.iterate.stops"),
        ([FIRST, asked("limit=2&after=a", page(None, "c"))], value("a", "b", "c"), "sdk.iterate.cursor"),
        ([FIRST, FIRST, FIRST, LAST], value("a", "b", "a", "b", "c"), "sdk.iterate.cursor"),
        ([FIRST, asked("after=b", page(None, "c"))], value("a", "b", "c"), "sdk.iterate.filters"),
        ([FIRST, FIRST, LAST], value("a", "b", "c"), "sdk.iterate.starts-once"),
        ([FIRST, REFUSED], error("a"), "sdk.iterate.error"),
        ([FIRST, REFUSED], error("a", "b", "c"), "sdk.iterate.error"),
        ([FIRST, REFUSED], value("a", "b"), "sdk.error.raised"),
        ([FIRST, asked("limit=2&after=b", response(200, {}))], value("a", "b"), "sdk.value.missing-field"),
        ([FIRST, LAST], CHANGED, "sdk.value.fields"),
    ],
)
def test_a_wrong_iteration_is_found(exchanges: list[RecordedExchange], reply: dict[str, Any], expected: str) -> None:
    found = broken(judge_call("iterate", {"limit": 2}, {}, call(*exchanges), reply))
    assert expected in found
    assert set(found) <= {expected, "sdk.iterate.starts-once"}


def test_an_iteration_may_start_at_a_cursor() -> None:
    exchanges = [asked("after=a", page("b", "b")), asked("after=b", page(None, "c"))]
    assert broken(judge_call("iterate", {"after": "a"}, {}, call(*exchanges), value("b", "c"))) == []


@pytest.mark.parametrize("arguments", [{"order": "normal"}, {"before": "z"}])
def test_where_other_cursors_lead_on_the_end_is_not_judged(arguments: dict[str, str]) -> None:
    query = "&".join(f"{name}={text}" for name, text in arguments.items())
    recorded = call(asked(query, page("b", "a", "b")))
    assert broken(judge_call("iterate", arguments, {}, recorded, value("a", "b"))) == []
