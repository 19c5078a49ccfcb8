"""Values and outcomes of calls in the words of a person who reads an API's documentation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Set

from conformance.harness.api.organization import ABSENT, Difference, Organization
from conformance.harness.wire.exchange import Exchange, NotJsonError
from specs.contract import operations

LONGEST = 300
FEW = 3
"""Items of a list that are named."""
REFUSAL = "a status of 400 to 499"
NOTHING = {"code": "no code", "status": "no response"}
"""What is said where there is no value in a place."""


def in_words(value: object) -> str:
    """A value as JSON has it; an organization by its id; "missing" for what is not there."""
    if isinstance(value, str):
        return "missing" if value == ABSENT else _json_text(value)
    if isinstance(value, Organization):
        return str(value.get("id", "an organization without id"))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{in_words(name)}: {in_words(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, Set):
        return "[" + ", ".join(sorted(map(in_words, value))) + "]"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(in_words, value)) + "]"
    if value is None or isinstance(value, (bool, int, float)):
        return json.dumps(value)
    return str(value)


def _json_text(text: str) -> str:
    """The text as JSON has it, with escapes for whatever cannot be seen."""
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted if quoted.isprintable() else json.dumps(text)


def said(place: str, text: str) -> str:
    """What stands in a place."""
    if text == "null" and place in NOTHING:
        return NOTHING[place]
    return f"{place} {text}" if place == "status" else f"{place}: {text}"


def in_place(difference: Difference) -> tuple[str, str]:
    """What was expected and seen in one place of an organization; of metadata, the keys that differ."""
    expected, seen = difference.expected, difference.seen
    if isinstance(expected, list) and isinstance(seen, list) and len(expected) > FEW:
        return _items(difference.place, expected, seen), _items(difference.place, seen, expected)
    if not isinstance(expected, Mapping) or not isinstance(seen, Mapping):
        return said(difference.place, in_words(expected)), said(difference.place, in_words(seen))
    names = [name for name in {**expected, **seen} if expected.get(name, ABSENT) != seen.get(name, ABSENT)]
    return _keys(difference.place, expected, names), _keys(difference.place, seen, names)


def _items(place: str, here: list[object], there: list[object]) -> str:
    """How many items there are, and the first of those that the other list does not hold."""
    only = [in_words(item) for item in here if item not in there]
    more = f" and {len(only) - FEW} more" if len(only) > FEW else ""
    return f"{place}: {len(here)} items" + (f", with {', '.join(only[:FEW])}{more}" if only else "")


def _keys(place: str, fields: Mapping[str, object], names: list[str]) -> str:
    shown = (f"{place} key {in_words(name)}: {in_words(fields.get(name, ABSENT))}" for name in names)
    return _short(", ".join(shown))


def success(operation: str) -> str:
    """The documented statuses of success."""
    return f"status {one_of(known for known in operations()[operation].responses if known < 300)}"


def one_of(values: Iterable[object]) -> str:
    """Alternatives as a person lists them."""
    *others, last = map(str, values)
    return f"{', '.join(others)} or {last}" if others else last


def seen_in(exchange: Exchange) -> str:
    """The response in a few words: the status, and what a refusal says."""
    response = exchange.response
    if response is None:
        return exchange.fault
    said = {name: response.object[name] for name in ("code", "message", "errors") if name in response.object}
    if not said:
        return f"status {response.status} {_gist(exchange)}".strip()
    return _short(f"status {response.status} {json.dumps(said, ensure_ascii=False)}")


def _gist(exchange: Exchange) -> str:
    response = exchange.response
    assert response is not None
    try:
        body = response.json
    except NotJsonError:
        return _short(in_words(response.body.decode("utf-8", "replace"))) if response.body else ""
    if isinstance(body, dict) and "id" in body:
        return f"with organization {in_words(body['id'])}"
    if isinstance(body, dict) and isinstance(body.get("data"), list):
        return f"with a list of {len(body['data'])}"
    return _short(json.dumps(body, ensure_ascii=False))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"
