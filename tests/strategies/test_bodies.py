"""Boundaries are valid under the reading that they claim, also in the hands of a run."""

import string

import pytest

from specs.contract import Bounds
from strategies.bodies import Boundary, boundaries
from tests.strategies.schemas import OWN, RICH, WITH_BODY, schema, validator

ALL = [pytest.param(name, found, id=f"{name} {found.label}") for name in WITH_BODY for found in boundaries(name)]
every_boundary = pytest.mark.parametrize(("operation", "boundary"), ALL)


@pytest.mark.parametrize("operation", WITH_BODY)
def test_labels_tell_boundaries_apart(operation: str) -> None:
    labels = [boundary.label for boundary in boundaries(operation)]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("operation", WITH_BODY)
def test_boundaries_are_always_the_same(operation: str) -> None:
    assert boundaries(operation) == boundaries(operation)


@every_boundary
def test_the_reading_is_the_narrowest_that_accepts_the_value(operation: str, boundary: Boundary) -> None:
    body = RICH[operation] | {boundary.field: boundary.value}
    accepting = [bounds for bounds in Bounds if validator(operation, bounds).is_valid(body)]
    assert boundary.bounds is accepting[0]


@every_boundary
def test_a_body_of_the_run_keeps_the_reading(operation: str, boundary: Boundary) -> None:
    validator(operation, boundary.bounds).validate(boundary.body(OWN))


@every_boundary
def test_a_body_of_the_run_loses_nothing_of_the_value(operation: str, boundary: Boundary) -> None:
    value = boundary.body(OWN)[boundary.field]
    if isinstance(value, str):
        assert len(value) == len(boundary.value)
        assert set(boundary.value) - set(string.ascii_lowercase + string.digits) <= set(value)
    else:
        assert value == boundary.value


@every_boundary
def test_a_body_of_the_run_carries_its_marks(operation: str, boundary: Boundary) -> None:
    body = boundary.body(OWN)
    assert body["name"].startswith(OWN["name"])
    if boundary.field == "external_id" and boundary.value and len(boundary.value) > 1:
        assert body["external_id"].startswith(OWN["external_id"])


@pytest.mark.parametrize("operation", WITH_BODY)
@pytest.mark.parametrize(
    ("field", "bounds", "length"),
    [
        ("name", Bounds.NARROW, 200),
        ("external_id", Bounds.NARROW, 1),
        ("external_id", Bounds.NARROW, 64),
        ("external_id", Bounds.DOCUMENTED, 128),
        ("metadata", Bounds.NARROW, 0),
        ("metadata", Bounds.NARROW, 10),
        ("metadata", Bounds.DOCUMENTED, 50),
    ],
)
def test_each_bound_of_a_length_is_reached(operation: str, field: str, bounds: Bounds, length: int) -> None:
    reached = [(found.bounds, len(found.value)) for found in boundaries(operation) if sized(found, field)]
    assert (bounds, length) in reached
    if length > 1:
        most = schema(operation, bounds)["properties"][field]
        assert most.get("maxLength", most.get("maxProperties")) == length


def sized(boundary: Boundary, field: str) -> bool:
    return boundary.field == field and boundary.value is not None


@pytest.mark.parametrize("operation", WITH_BODY)
def test_every_printable_character_reaches_an_external_id(operation: str) -> None:
    met = "".join(
        found.body(OWN)["external_id"]
        for found in boundaries(operation)
        if found.field == "external_id" and found.value and found.bounds is Bounds.NARROW
    )
    assert set(map(chr, range(0x20, 0x7F))) - set(string.ascii_lowercase) <= set(met)


@pytest.mark.parametrize("operation", WITH_BODY)
@pytest.mark.parametrize(
    "character",
    ["ë", "\u0308", "公", "ש", "\N{ROCKET}", "&", "<", '"', "'", "\\", "%"],
    ids=["accent", "combining", "ideograph", "right to left", "rocket", "&", "<", "double", "single", "back", "%"],
)
def test_unusual_characters_reach_a_name(operation: str, character: str) -> None:
    names = [found.body(OWN)["name"] for found in boundaries(operation) if found.field == "name"]
    assert any(character in name for name in names)
