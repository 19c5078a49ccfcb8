"""Metadata that are merged, kept, shown or judged wrongly in one case only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.refusals import InvalidMetadata
from emulator.validation import Rules
from tests.blind.parts.apps import app, keys, reading, showing
from tests.blind.parts.interception import reshaped
from tests.blind.parts.messages import Object
from tests.blind.registry import Proof, fault
from tests.blind.wire import Wire

METADATA = "metadata"


def _pairs_change(pairs: Mapping[str, str]) -> Proof:
    return lambda w: w.made(metadata=pairs)["metadata"] != pairs


def _same_six(w: Wire) -> bool:
    pairs = {f"key{i}": "v" for i in range(6)}
    return w.update(w.made(metadata=pairs)["id"], metadata=pairs).status_code == 400


@fault(METADATA, "none: ten pairs are accepted", _same_six, "a bound checked before the merge")
def pairs_count_twice_when_they_are_merged() -> ASGIApp:
    """An update may not have more pairs than are left of ten, even where it gives known keys."""

    class Counting(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            if len(known.metadata) + len(body.get("metadata") or {}) > 10:
                raise InvalidMetadata("metadata must have at most 10 pairs.")
            return super().next_metadata(known, body)

    return app(changes=Counting())


def _empty_removes(w: Wire) -> bool:
    id = w.made(metadata={"a": "1"})["id"]
    return bool(w.changed(id, metadata={"a": ""})["metadata"] == {})


@fault(METADATA, "none: an empty value is a value", _empty_removes, "Stripe, where an empty value removes a key")
def an_empty_value_removes_a_key() -> ASGIApp:
    """An update with an empty value removes the key."""

    class Emptying(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            return {key: value for key, value in super().merged(known, given).items() if given.get(key) != ""}

    return app(changes=Emptying())


@fault(METADATA, "none: pairs come back", _pairs_change({"a": "1", "a.b": "2"}), "paths with dots in a document store")
def a_key_gives_way_to_a_path_through_it() -> ASGIApp:
    """Of the keys `a` and `a.b` in one body, `a` is lost."""
    return reading(
        metadata=lambda pairs: {k: v for k, v in pairs.items() if not any(o.startswith(f"{k}.") for o in pairs)}
    )


INHERITED = {"constructor", "toString", "hasOwnProperty", "valueOf", "isPrototypeOf"}


@fault(METADATA, "none: pairs come back", _pairs_change({"constructor": "x"}), "`key in object` in JavaScript")
def keys_that_objects_inherit_are_dropped() -> ASGIApp:
    """Keys named as what every object of JavaScript has are dropped."""
    return reading(metadata=keys(lambda key: None if key in INHERITED else key))


@fault(METADATA, "none: metadata is an object", _pairs_change({"0": "a", "1": "b"}), "json_encode in PHP")
def numbered_pairs_become_a_list() -> ASGIApp:
    """Metadata with the keys 0, 1, ... are shown as a list."""

    def shown(value: Object, _: Organization) -> Object:
        pairs = value["metadata"]
        numbered = bool(pairs) and [*pairs] == [str(i) for i in range(len(pairs))]
        return {**value, "metadata": [*pairs.values()]} if numbered else value

    return showing(shown)


def _third_forgets_second(w: Wire) -> bool:
    id = w.made(metadata={"a": "1"})["id"]
    w.changed(id, metadata={"b": "2"})
    return bool(w.changed(id, metadata={"c": "3"})["metadata"] == {"a": "1", "c": "3"})


@fault(METADATA, "none: updates merge", _third_forgets_second, "a snapshot that is never renewed")
def updates_merge_with_what_was_created() -> ASGIApp:
    """Each update merges with the metadata of the create; what earlier updates added is lost."""

    class Snapshot(Changes):
        def __init__(self) -> None:
            super().__init__()
            self.first: dict[str, Mapping[str, str]] = {}

        def created(self, body: Body) -> Organization:
            made = super().created(body)
            self.first[made.id] = made.metadata
            return made

        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            if not body.get("metadata"):
                return super().next_metadata(known, body)
            return self.merged(self.first[known.id], body["metadata"])

    return app(changes=Snapshot())


def _name_keeps_pairs(w: Wire) -> bool:
    id = w.made(metadata={"a": "1"})["id"]
    return bool(w.changed(id, name="Other", metadata={})["metadata"] == {"a": "1"})


@fault(METADATA, "none: {} removes all", _name_keeps_pairs)
def no_pairs_remove_nothing_beside_a_name() -> ASGIApp:
    """`metadata: {}` removes nothing when the body has a name too."""

    class Beside(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            return (
                known.metadata if body.get("metadata") == {} and "name" in body else super().next_metadata(known, body)
            )

    return app(changes=Beside())


def _stay_empty(w: Wire) -> bool:
    id = w.made(metadata={"a": "1"})["id"]
    w.changed(id, metadata={})
    return bool(w.changed(id, metadata={"b": "2"})["metadata"] == {})


@fault(METADATA, "none: updates merge", _stay_empty, "NULL || jsonb is NULL")
def what_was_emptied_stays_empty() -> ASGIApp:
    """Once `{}` has removed all metadata, updates add none."""

    class Null(Changes):
        def __init__(self) -> None:
            super().__init__()
            self.emptied: set[str] = set()

        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            if body.get("metadata") == {}:
                self.emptied.add(known.id)
            return {} if known.id in self.emptied else super().next_metadata(known, body)

    return app(changes=Null())


def _tier_is_overwritten(w: Wire) -> bool:
    id = w.made(metadata={"tier": "1"})["id"]
    return bool(w.changed(id, metadata={"Tier": "2"})["metadata"] == {"tier": "2"})


@fault(METADATA, "none: keys in another case are other keys", _tier_is_overwritten, "a column's collation")
def a_merge_ignores_the_case_of_keys() -> ASGIApp:
    """An update with a known key in another case sets the known one."""

    class Folding(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            spelled = {key.lower(): key for key in known}
            return super().merged(known, {spelled.get(key.lower(), key): value for key, value in given.items()})

    return app(changes=Folding())


def _second_pair_is_a_number(w: Wire) -> bool:
    return w.create(metadata={"a": "x", "b": 7}).status_code == 201


@fault(METADATA, "none: values must be strings", _second_pair_is_a_number, "a loop that returns too early")
def one_pair_is_judged() -> ASGIApp:
    """Of the metadata in a body only the first pair is checked."""

    class First(Rules):
        def create(self, content: bytes) -> Object:
            return self._rest(content, super().create)

        def update(self, content: bytes) -> Object:
            return self._rest(content, super().update)

        def _rest(self, content: bytes, read: Any) -> Object:
            body = self.parsed(content)
            pairs = body.get("metadata") if isinstance(body, dict) else None
            if not isinstance(pairs, dict) or len(pairs) < 2:
                return dict(read(content))
            first = dict([*pairs.items()][:1])
            return {**read(json.dumps({**body, "metadata": first}).encode()), "metadata": pairs}

    return app(rules=First())


@fault(METADATA, "none: pairs come back", _pairs_change({"_id": "x"}), "what is private by convention")
def keys_with_an_underscore_are_hidden() -> ASGIApp:
    """Keys that begin with one underscore are not kept."""
    return reading(metadata=keys(lambda key: None if key.startswith("_") and not key.startswith("__") else key))


FIELDS = {"id", "name", "object", "created_at", "updated_at"}


@fault(METADATA, "none: pairs come back", _pairs_change({"id": "x"}), "protection against mass assignment")
def keys_named_like_fields_are_dropped() -> ASGIApp:
    """Metadata keys that are named like a field of an organization are dropped."""
    return reading(metadata=keys(lambda key: None if key in FIELDS else key))


def _lists_cut(w: Wire) -> bool:
    w.made(metadata={"a": "v" * 300})
    return bool(w.list().json()["data"][0]["metadata"] == {"a": "v" * 255})


@fault(METADATA, "none: lists show metadata", _lists_cut, "a denormalized table for lists")
def lists_cut_long_values() -> ASGIApp:
    """In lists, values of metadata end after 255 characters."""
    return reshaped(lambda o: {**o, "metadata": {key: value[:255] for key, value in o["metadata"].items()}}, "list")


def _unchecked_beside_external_id(w: Wire) -> bool:
    return w.update(w.made()["id"], external_id=None, metadata={"a": "v" * 601}).status_code == 200


@fault(METADATA, "none: long values are refused", _unchecked_beside_external_id, "an early return in a validator")
def values_beside_an_external_id_may_be_long() -> ASGIApp:
    """An update with an external_id may have values of more than 600 characters."""

    class Early(Rules):
        def update(self, content: bytes) -> Object:
            body = self.parsed(content)
            if not isinstance(body, dict) or "external_id" not in body or not _all_texts(body.get("metadata")):
                return super().update(content)
            short = {key: value[:600] for key, value in body["metadata"].items()}
            read = super().update(json.dumps({**body, "metadata": short}).encode())
            return {**read, "metadata": body["metadata"]}

    return app(rules=Early())


def _all_texts(pairs: object) -> bool:
    return isinstance(pairs, dict) and all(isinstance(value, str) for value in pairs.values())
