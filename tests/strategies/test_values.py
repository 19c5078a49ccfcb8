"""Drawn values are valid, and what no strategy knows of is refused instead of ignored."""

from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from specs.contract import Bounds
from strategies.bodies import valid_bodies
from strategies.values import UnknownKeywordError, types_of, values
from tests.strategies.schemas import WITH_BODY, schema, validator

few = settings(max_examples=40, deadline=None, database=None, derandomize=True, phases=(Phase.generate, Phase.shrink))
"""The health checks of Hypothesis stay on: they judge how fast draws are."""


@pytest.mark.parametrize("bounds", Bounds)
@pytest.mark.parametrize("operation", WITH_BODY)
def test_drawn_bodies_are_valid(operation: str, bounds: Bounds) -> None:
    valid = validator(operation, bounds)

    @few
    @given(valid_bodies(operation, bounds))
    def drawn(body: dict[str, Any]) -> None:
        valid.validate(body)

    drawn()


@pytest.mark.parametrize("operation", WITH_BODY)
def test_drawn_bodies_have_no_unknown_fields(operation: str) -> None:
    known = schema(operation, Bounds.WIDE)["properties"].keys()

    @few
    @given(valid_bodies(operation, Bounds.WIDE))
    def drawn(body: dict[str, Any]) -> None:
        assert body.keys() <= known

    drawn()


@pytest.mark.parametrize("operation", WITH_BODY)
def test_every_optional_field_is_there_at_times_and_missing_at_times(operation: str) -> None:
    drawn: list[set[str]] = []

    @few
    @given(valid_bodies(operation))
    def draw(body: dict[str, Any]) -> None:
        drawn.append(set(body))

    draw()
    read = schema(operation, Bounds.NARROW)
    assert set.union(*drawn) == set(read["properties"])
    assert set.intersection(*drawn) == set(read.get("required", ()))


@pytest.mark.parametrize(("operation", "simplest"), [("create", {"name": "0"}), ("update", {})])
def test_bodies_shrink_to_the_least(operation: str, simplest: dict[str, Any]) -> None:
    assert find(valid_bodies(operation), lambda _: True, settings=few) == simplest


@pytest.mark.parametrize(
    "known",
    [
        {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
        {"type": ["string", "null"], "maxLength": 2},
        {"type": "string", "pattern": "^[a-c]+$(?!\\n)", "maxLength": 3},
        {"type": "string", "enum": ["asc", "desc"]},
        {"type": "array", "items": {"type": "boolean"}},
        {"type": "object", "propertyNames": {"maxLength": 1}, "additionalProperties": {"type": "null"}},
    ],
    ids=lambda known: ", ".join(known),
)
def test_every_known_keyword_is_kept(known: dict[str, Any]) -> None:
    valid = Draft202012Validator(known)

    @few
    @given(values(known))
    def drawn(value: Any) -> None:
        valid.validate(value)

    drawn()


@pytest.mark.parametrize(
    "unknown",
    [
        {"type": "string", "minLength": 3},
        {"type": "array", "items": {"type": "string", "format": "uri"}},
        {"type": "object", "properties": {"name": {"type": "string", "const": "Acme"}}},
        {"type": "object", "propertyNames": {"minLength": 3}, "additionalProperties": {"type": "string"}},
        {"type": "object", "additionalProperties": {"type": "integer", "multipleOf": 2}},
    ],
    ids=["at the top", "of items", "of a property", "of property names", "of additional properties"],
)
def test_an_unknown_keyword_is_refused(unknown: dict[str, Any]) -> None:
    with pytest.raises(UnknownKeywordError, match=r"no strategy for (minLength|format|const|multipleOf)"):
        values(unknown)


def test_null_comes_last() -> None:
    assert types_of({"type": ["null", "string"]}) == ["string", "null"]
    assert types_of({"type": "string"}) == ["string"]


def test_a_value_that_may_be_null_is_null_at_times() -> None:
    nullable: st.SearchStrategy[Any] = values({"type": ["string", "null"]})
    assert find(nullable, lambda value: value is None, settings=few) is None
