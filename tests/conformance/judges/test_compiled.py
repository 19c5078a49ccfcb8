"""jsonschema-rs calls nothing valid that jsonschema does not, whatever is broken, and wherever."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance.harness.judges.compiled import compiled
from specs.contract import binding, operations
from tests.conformance.samples import a_list, an_organization

SCHEMAS = {
    (name, status): binding(schema)
    for name, operation in operations().items()
    for status, schema in operation.responses.items()
    if schema is not None
}
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    1.0,
    2**70,
    "",
    "organization",
    "list",
    "line\n",
    "x" * 41,
    "x" * 601,
    "\ud800",
    "org_01HXYZ0000000000000000000A",
    "org_01HXYZ0000000000000000000A\n",
    "pending",
    "2026-01-02T03:04:05.678Z",
    "2026-01-02T03:04:05.678Z\n",
    "2026-01-02t03:04:05.678z",
    "2026-01-02 03:04:05.678Z",
    "2026-01-02T03:04:05.678+00:00",
    "2026-01-02T03:04:60.000Z",
    "2016-12-31T23:59:60.000Z",
    "2026-02-30T03:04:05.678Z",
    "2026-01-02T03:04:05,678Z",
    "2026-01-02T03:04:05.\u0663\u0663\u0663Z",
    "2026-01-02",
    [],
    [{}],
    {},
    {"\ud800": "x"},
    {"k" * 41: "x"},
    {f"k{number}": "x" for number in range(51)},
]
REFUSAL = {"message": "No", "code": "invalid_metadata", "errors": [{"field": "name", "code": "c"}, {"code": "c"}]}
UNKNOWN = {"message": "No", "code": "entity_not_found", "entity_id": "org_1"}
ANSWERS = [an_organization(), an_organization(stripe_customer_id="cus_1", external_id=None), a_list(), REFUSAL, UNKNOWN]
PAGE = a_list(an_organization(), after="org_01HXYZ0000000000000000000A")


def places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in steps:
        yield from places(item, (*place, step))


def altered(answer: Any) -> Iterator[Any]:
    """The answer with each place left out, and with each place holding each value in turn."""
    yield answer
    for place in places(answer):
        for value in VALUES:
            yield put(answer, place, value)
        if place:
            yield left_out(answer, place)


def put(answer: Any, place: tuple[Any, ...], value: Any) -> Any:
    changed: Any = {"": copy.deepcopy(answer)}
    holder(changed, place)[("", *place)[-1]] = value
    return changed[""]


def left_out(answer: Any, place: tuple[Any, ...]) -> Any:
    changed: Any = {"": copy.deepcopy(answer)}
    del holder(changed, place)[place[-1]]
    return changed[""]


def holder(changed: Any, place: tuple[Any, ...]) -> Any:
    """What holds the value at a place."""
    for step in ("", *place)[:-1]:
        changed = changed[step]
    return changed


@pytest.mark.parametrize("named", SCHEMAS, ids=lambda named: f"{named[0]} {named[1]}")
def test_nothing_is_valid_that_is_not_so_for_jsonschema(named: tuple[str, int]) -> None:
    fast = compiled(SCHEMAS[named])
    slow = Draft202012Validator(SCHEMAS[named], format_checker=Draft202012Validator.FORMAT_CHECKER)
    said = []
    for answer in [*ANSWERS, PAGE]:
        for value in altered(answer):
            said.append(slow.is_valid(value))
            assert said[-1] or not fast(value), value
    assert len(set(said)) == 2


def test_a_page_is_valid_for_both() -> None:
    assert compiled(SCHEMAS["list", 200])(PAGE)


def test_what_is_nested_too_deeply_is_left_to_jsonschema() -> None:
    deep: Any = {}
    for _ in range(2000):
        deep = {"deeper": deep}
    assert not compiled({"properties": {"metadata": {"const": 1}}})({"metadata": deep})
