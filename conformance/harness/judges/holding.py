"""What would hold of a response if a difference, or a broken rule of a schema, were not there: as checks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from jsonschema import ValidationError

from conformance.harness.api.organization import ABSENT, TIMES, Difference
from conformance.harness.judges.checks import (
    Check,
    Kind,
    all_differ,
    begins,
    each_has,
    field_is,
    forms_of,
    has,
    lacks,
    order,
)
from conformance.harness.judges.places import ITEMS

LONGEST = 800
"""Characters of a piece of JSON that is looked for."""
MOST_IN_ORDER = 14
"""Organizations whose order is looked at; of more, two are."""
BY_TARGET = ("id", "created_at", "updated_at")
"""Fields whose values the target chooses, so that nobody can expect one."""


def of_difference(difference: Difference, operation: str) -> Iterator[Check]:
    """What would hold of the response if there were no such difference; nothing where no script can tell."""
    field, expected, seen = difference.place, difference.expected, difference.seen
    if field == "domains":
        yield from of_members(expected, seen, "domain")
    elif isinstance(expected, Mapping) and isinstance(seen, Mapping):
        yield from of_keys(expected, seen)
    elif field.rpartition(".")[2] in TIMES:
        place = f"{ITEMS * (operation == 'list')}.{IN_BRACKETS.sub('[]', field)}"
        yield from [field_is(place, expected)] if isinstance(expected, str) else []
    elif (last := field.rpartition(".")[2]) not in BY_TARGET or field == "id":
        yield from of_field(last, expected)


def of_field(field: str, expected: object) -> Iterator[Check]:
    """A field has the value, or is not there."""
    yield Check(Kind.LACKS, (f'"{field}":',)) if expected == ABSENT else has(expected, field)


def of_keys(expected: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Check]:
    """What differs between two objects of metadata holds."""
    for name in {**expected, **seen}:
        if name not in expected:
            yield lacks(seen[name], name)
        elif expected[name] != seen.get(name, ABSENT):
            yield has(expected[name], name)


def of_members(expected: Iterable[Any], seen: Iterable[Any], field: str | None = None) -> Iterator[Check]:
    """What is missing is there, and what is there besides is not."""
    ours, theirs = list(expected), list(seen)
    yield from (has(item, field) for item in ours if item not in theirs)
    yield from (lacks(item, field) for item in theirs if item not in ours)


def of_ids(expected: Iterable[str], seen: Iterable[str]) -> Iterator[Check]:
    """A page shows these organizations, and no others; where it shows the same ones, in this order."""
    ours, theirs = list(expected), list(seen)
    if sorted(ours) == sorted(theirs):
        yield from [order(ours if len(ours) <= MOST_IN_ORDER else _first_that_differ(ours, theirs))] if ours else []
    elif set(ours) == set(theirs):
        yield all_differ(f"{ITEMS}.id")
    else:
        yield from of_members(ours, theirs, "id")


def _first_that_differ(ours: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """The first item that is not in its place, and the one that is there."""
    pairs = ([one, other] for one, other in zip(ours, theirs, strict=True) if one != other)
    return next(pairs, list(ours[:2]))


def of_rule(error: ValidationError) -> Iterator[Check]:
    """A broken rule of a schema is kept; nothing where the piece of JSON would be long or has no name."""
    if error.validator == "required":
        missing = re.sub(r"^'(.*)' is a required property$", r"\1", str(error.message))
        yield each_has(_place(error), missing)
        return
    if error.validator_value == "object" and error.absolute_path and isinstance(error.schema, Mapping):
        yield from (each_has(_place(error), field) for field in error.schema.get("required", ())[:1])
    field = next(reversed(error.absolute_path), None)
    if field is None and error.validator == "type" and error.validator_value == "object":
        yield begins("{")
    if field in TIMES:
        yield from _of_time(error, str(field))
    elif field == "id" and isinstance(error.instance, str) and error.instance:
        return  # the next one is another one
    elif isinstance(field, str) and len(json.dumps(error.instance)) <= LONGEST:
        yield lacks(error.instance, field)


def _place(error: ValidationError) -> str:
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)


def _of_time(error: ValidationError, field: str) -> Iterator[Check]:
    """The next value of a time is another one, and wrong in the same way only where the form of it is."""
    value = error.instance
    if value is None or (error.validator == "type" and not isinstance(value, (str, int, float))):
        yield lacks(value, field)
    elif error.validator != "format" or not DATE_TIME.fullmatch(str(value)):
        (form, *_) = forms_of(value, field)
        if not set(form) & set("*?[]"):
            yield Check(Kind.LACKS_FORM, (re.sub("[0-9]", "[0-9]", form),))


IN_BRACKETS = re.compile(r"\[[^]]*\]")
"""What tells one item of an array from others in the place of a difference."""
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
