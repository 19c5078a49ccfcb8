"""Metadata: keys, values, merging."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app, keys, reading, showing
from tests.blind.parts.interception import reshaped
from tests.blind.parts.messages import Object, without
from tests.blind.registry import Proof, fault
from tests.blind.wire import Wire

RETURNS = "create.returns-what-was-sent"


def _kept(given: dict[str, str]) -> Proof:
    return lambda w: w.made(metadata=given)["metadata"] != given


def _merged(first: dict[str, str], second: dict[str, str], expected: dict[str, str]) -> Proof:
    def shows(w: Wire) -> object:
        id = w.made(metadata=first)["id"]
        w.update(id, metadata=second)
        return w.shown(id)["metadata"] != expected

    return shows


@fault("metadata", RETURNS, _kept({"plan.name": "x"}), "github.com/dsternlicht/RESTool/issues/97")
def metadata_dots_nest() -> ASGIApp:
    """A metadata key with a dot becomes an object within the metadata."""

    def nested(metadata: dict[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in metadata.items():
            head, _, tail = key.partition(".")
            found[head] = {tail: value} if head and tail else value
        return found

    return showing(lambda shown, _: {**shown, "metadata": nested(shown["metadata"])})


@fault("metadata", RETURNS, _kept({"$ref": "x", "a": "b"}), "Mongo sanitizers; github.com/MAIF/otoroshi/issues/206")
def metadata_dollar_keys_dropped() -> ASGIApp:
    """A metadata key that begins with $ is dropped without a word."""
    return reading(metadata=keys(lambda k: None if k.startswith("$") else k))


@fault("metadata", RETURNS, _kept({"__proto__": "x", "a": "b"}), "secure-json-parse with action remove")
def metadata_proto_key_lost() -> ASGIApp:
    """The metadata keys __proto__ and constructor are removed."""
    return reading(metadata=keys(lambda k: None if k in {"__proto__", "constructor"} else k))


@fault("metadata", RETURNS, _kept({"PlanTier": "x"}), "hstore columns and header-like maps")
def metadata_keys_in_small_letters() -> ASGIApp:
    """Metadata keys come back in small letters."""
    return reading(metadata=keys(str.lower))


@fault("metadata", RETURNS, _kept({"plan_tier": "x"}), "case-conversion middleware that goes into user data")
def metadata_keys_become_camel_case() -> ASGIApp:
    """Metadata keys in snake_case come back in camelCase."""
    return reading(metadata=keys(lambda k: re.sub(r"(?<=[a-z0-9])_([a-z])", lambda m: m[1].upper(), k)))


@fault("metadata", RETURNS, _kept({"id": "x", "name": "y"}), "a row mapper that lifts columns out of JSON")
def metadata_reserved_keys_dropped() -> ASGIApp:
    """Metadata keys that are also properties of an organization are dropped."""
    return reading(metadata=keys(lambda k: None if k in {"id", "object", "name", "created_at"} else k))


@fault(
    "metadata",
    "organization.metadata",
    lambda w: not isinstance(w.made(metadata={"0": "a", "1": "b"})["metadata"], dict),
    "PHP's json_encode of arrays",
)
def metadata_numbered_keys_become_list() -> ASGIApp:
    """Metadata with the keys 0, 1, ... comes back as an array."""

    def listed(shown: dict[str, Any], _: Any) -> dict[str, Any]:
        found = shown["metadata"]
        numbered = bool(found) and list(found) == [str(i) for i in range(len(found))]
        return {**shown, "metadata": list(found.values())} if numbered else shown

    return showing(listed)


@fault("metadata", "organization.metadata", lambda w: w.made()["metadata"] == [], "PHP's json_encode of array()")
def metadata_empty_is_array() -> ASGIApp:
    """Empty metadata is shown as an empty array."""
    return showing(lambda shown, _: {**shown, "metadata": shown["metadata"] or []})


@fault(
    "metadata",
    "organization.metadata",
    lambda w: w.made(metadata={"seats": "12"})["metadata"] != {"seats": "12"},
    "github.com/glpi-project/glpi/issues/2318 (JSON_NUMERIC_CHECK)",
)
def metadata_digits_become_numbers() -> ASGIApp:
    """A metadata value of digits is shown as a number."""

    def number(value: str) -> Any:
        return int(value) if re.fullmatch(r"\d{1,15}", value) else value

    return showing(lambda shown, _: {**shown, "metadata": {k: number(v) for k, v in shown["metadata"].items()}})


@fault("metadata", "update.metadata-merges", _merged({"a": "1"}, {"b": "2"}, {"a": "1", "b": "2"}), "D metadata")
def metadata_update_replaces() -> ASGIApp:
    """Metadata of an update replaces what was there instead of merging."""

    class Replacing(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            return super().merged({}, given)

    return app(changes=Replacing())


@fault("metadata", "update.metadata-merges", _merged({"a": "1"}, {"a": "2"}, {"a": "2"}), "spread in the wrong order")
def metadata_update_only_adds() -> ASGIApp:
    """Metadata of an update adds keys but never changes the value of a known one."""

    class Adding(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            return {key: value for key, value in {**given, **known}.items() if value is not None}

    return app(changes=Adding())


@fault("metadata", "update.metadata-empty", _merged({"a": "1"}, {}, {}), "D metadata; truthiness of {}")
def metadata_empty_update_ignored() -> ASGIApp:
    """Empty metadata in an update are taken for none and remove nothing."""

    class Ignoring(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            return super().next_metadata(known, body) if body.get("metadata") else known.metadata

    return app(changes=Ignoring())


@fault(
    "metadata",
    "update.metadata-merges",
    _merged({"a": "1", "b": "2"}, {"a": ""}, {"a": "", "b": "2"}),
    "Stripe removes a key by the empty text; D does not",
)
def metadata_empty_value_removes_key() -> ASGIApp:
    """The empty text as a metadata value in an update removes the key."""

    class Removing(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            return {key: value for key, value in super().merged(known, given).items() if value != ""}

    return app(changes=Removing())


@fault("metadata", RETURNS, _kept({"env": "a", "ENV": "b"}), "a case-insensitive map")
def metadata_keys_of_other_case_collapse() -> ASGIApp:
    """Two metadata keys that differ only in case become one pair."""

    def collapsed(metadata: dict[str, str]) -> dict[str, str]:
        return dict({k.lower(): (k, v) for k, v in metadata.items()}.values())

    return reading(metadata=collapsed)


@fault(
    "metadata",
    "update.leaves-others-alone",
    lambda w: (ids := w.many(2)) and w.update(ids[0], metadata={"a": "1"}) and w.shown(ids[1])["metadata"] != {},
    "Python's mutable default argument",
)
def metadata_default_is_shared() -> ASGIApp:
    """Organizations made without metadata share one object: what one of them gets, all of them show."""
    shared: dict[str, str] = {}
    mine: set[str] = set()

    class Sharing(Changes):
        def created(self, body: Body) -> Organization:
            made = super().created(body)
            if not body.get("metadata"):
                mine.add(made.id)
            return made

        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            found = super().next_metadata(known, body)
            if known.id in mine and "metadata" in body:
                shared.clear()
                shared.update(found)
            return found

    class Showing(Responses):
        def organization(self, organization: Organization) -> Object:
            shown = super().organization(organization)
            return {**shown, "metadata": dict(shared)} if organization.id in mine else shown

    return app(changes=Sharing(), responses=Showing())


@fault(
    "metadata",
    "organization.metadata",
    lambda w: "metadata" not in w.list().json()["data"][0] if w.made() else False,
    "a lighter serializer for lists",
)
def metadata_left_out_of_lists() -> ASGIApp:
    """Organizations in a list lack their metadata."""
    return reshaped(lambda shown: without(shown, "metadata"), "list")
