"""How an update merges metadata into those that are there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.refusals import InvalidMetadata
from emulator.store import Store
from emulator.validation import Rules
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.messages import pairs
from tests.blind.registry import fault
from tests.blind.wire import Wire


def _replaced(w: Wire) -> object:
    return w.changed(w.made(metadata={"a": "1"})["id"], metadata={"b": "2"})["metadata"] == {"b": "2"}


@fault("metadata", "update.metadata-merges", _replaced, "a PUT replaces, says the book on REST")
def seventh_update_replaces_metadata() -> ASGIApp:
    """The metadata of an update replace those that were there."""

    def replaced(made: Organization, _: Organization, body: Body) -> Organization:
        given = body.get("metadata") or {}
        kept = {key: value for key, value in given.items() if value is not None}
        return dataclasses.replace(made, metadata=kept) if "metadata" in body else made

    return updating(replaced)


def _third_forgets_second(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    w.changed(id, metadata={"b": "2"})
    return w.changed(id, metadata={"c": "3"})["metadata"] == {"a": "1", "c": "3"}


@fault("metadata", "update.metadata-merges", _third_forgets_second, "a copy in memory that only creates refresh")
def seventh_merge_with_first_metadata() -> ASGIApp:
    """An update merges its metadata with those that the organization was created with."""

    class Merging(Changes):
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
            return super().next_metadata(dataclasses.replace(known, metadata=self.first[known.id]), body)

    return app(changes=Merging())


def _not_emptied(w: Wire) -> object:
    return w.changed(w.made(metadata={"a": "1"})["id"], metadata={})["metadata"] == {"a": "1"}


@fault("metadata", "update.metadata-empty", _not_emptied, "merging nothing into something leaves it as it was")
def seventh_empty_metadata_leave_all() -> ASGIApp:
    """Empty metadata in an update leave the pairs as they were."""
    return updating(
        lambda made, known, body: (
            dataclasses.replace(made, metadata=known.metadata) if body.get("metadata", 0) == {} else made
        )
    )


def _nested(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, metadata={"plan.tier": "gold"})["metadata"] == {"a": "1", "plan": {"tier": "gold"}}


@fault("metadata", "body.metadata-keys-verbatim", _nested, "$set of MongoDB reads a dot in a key as a path")
def seventh_dotted_key_nests_on_update() -> ASGIApp:
    """A metadata key with a dot becomes an object within an object when an update sets it."""

    class Nesting(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, Any]) -> Mapping[str, str]:
            plain = {key: value for key, value in given.items() if "." not in key}
            made: dict[str, Any] = dict(super().merged(known, plain))
            for key, value in given.items():
                outer, dot, inner = key.partition(".")
                if dot:
                    made[outer] = {inner: value}
            return made

    return app(changes=Nesting())


def _tenth_changed(w: Wire) -> object:
    id = w.made(metadata={f"k{at}": "v" for at in range(10)})["id"]
    return w.update(id, metadata={"k3": "w"}).status_code == 400


@fault("metadata limits", "update.accepts-valid-bodies", _tenth_changed, "the limit adds what is there and what comes")
def seventh_update_counts_known_keys_twice() -> ASGIApp:
    """An update answers 400 where the pairs that are there and those that it sends, added up, are more than ten."""

    class Counting(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            if len(known.metadata) + len(body.get("metadata") or {}) > 10:
                raise InvalidMetadata("metadata must have at most 10 pairs.")
            return super().next_metadata(known, body)

    return app(changes=Counting())


def _many(w: Wire) -> object:
    return w.update(w.made()["id"], metadata={f"k{at}": "v" for at in range(51)}).status_code == 200


@fault("metadata limits", "body.metadata-too-many", _many, "the number is checked by a hook of create")
def seventh_update_takes_any_number_of_pairs() -> ASGIApp:
    """An update takes more than 50 pairs of metadata."""

    class Taking(Rules):
        def check_body(self, validator: Draft202012Validator, body: Any) -> None:
            many = validator is self._update and isinstance(body, dict) and len(pairs(body)) > 50
            super().check_body(validator, {**body, "metadata": dict([*pairs(body).items()][:50])} if many else body)

    class Unlimited(Changes):
        def limited(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
            return metadata

    return app(rules=Taking(), changes=Unlimited())


def _not_written(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    answered = w.changed(id, metadata={"b": "2"})["metadata"]
    return answered == {"a": "1", "b": "2"} and w.shown(id)["metadata"] == {"a": "1"}


@fault(
    "metadata",
    "update.sets-what-was-sent",
    _not_written,
    "SQLAlchemy does not notice that a dictionary in a JSON column was changed in place",
)
def seventh_merged_metadata_are_not_stored() -> ASGIApp:
    """Metadata that an update merges into others are in its answer, and are not stored."""

    class Unnoticing(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            if known and known.metadata and organization.metadata:
                organization = dataclasses.replace(organization, metadata=known.metadata)
            super().update(organization)

    return app(Unnoticing())
