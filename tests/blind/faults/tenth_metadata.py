"""Metadata that frameworks, languages and databases handle in their own way."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.validation import Rules
from tests.blind.parts.apps import app, keys, reading, values
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import lenient, on_response, reshaped, strict
from tests.blind.parts.messages import Object, Reply, Request, pairs, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire

VERBATIM_KEYS = "body.metadata-keys-verbatim"
VERBATIM_VALUES = "body.metadata-values-verbatim"


def _kept(w: Wire, pairs: Object) -> bool:
    id = w.made(metadata=pairs)["id"]
    return bool(w.shown(id)["metadata"] == pairs)


def _camel(key: str) -> str:
    return re.sub("_([a-z])", lambda found: found[1].upper(), key)


@fault("metadata", VERBATIM_KEYS, lambda w: not _kept(w, {"plan_name": "a"}), "keygen-sh/keygen-api#916")
def tenth_keys_become_camel_case() -> ASGIApp:
    """Metadata keys in snake case are shown in camel case."""
    return reshaped(lambda each: {**each, "metadata": {_camel(k): v for k, v in each["metadata"].items()}})


def _digits(w: Wire) -> object:
    return not _kept(w, {"2024": "a"}) and _kept(w, {"y2024": "a"})


@fault("metadata", VERBATIM_KEYS, _digits, "boa-dev/boa#3923: integer keys are lost on the way to JSON")
def tenth_keys_of_digits_are_lost() -> ASGIApp:
    """Metadata keys of digits alone are lost."""
    return reading(metadata=keys(lambda key: None if re.fullmatch("0|[1-9][0-9]*", key) else key))


PROTOTYPE = {"constructor", "toString", "valueOf", "hasOwnProperty"}


@fault("metadata", VERBATIM_KEYS, lambda w: not _kept(w, {"constructor": "a"}), "`if (key in known) continue` of an {}")
def tenth_inherited_names_are_known() -> ASGIApp:
    """Metadata keys that every object of JavaScript inherits, such as constructor, are left out."""
    return reading(metadata=keys(lambda key: None if key in PROTOTYPE else key))


def _stripe(w: Wire) -> object:
    id = w.made(metadata={"a": "1", "b": "2"})["id"]
    return "a" not in w.changed(id, metadata={"a": ""})["metadata"]


@fault("metadata", VERBATIM_VALUES, _stripe, "stripe/stripe-python#1252: there an empty value removes the key")
def tenth_empty_value_removes_the_key() -> ASGIApp:
    """An update that sets a metadata key to the empty text removes it."""

    class Removing(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            return {key: v for key, v in super().merged(known, given).items() if v or key not in given}

    return app(changes=Removing())


def _array(w: Wire) -> object:
    id = w.made()["id"]
    return w.listed(id)["metadata"] == [] and w.shown(id)["metadata"] == {}


@fault("metadata", "organization.metadata", _array, "svix/svix-webhooks#2060: PHP writes an empty map as []")
def tenth_lists_show_empty_metadata_as_array() -> ASGIApp:
    """Lists show metadata without pairs as an empty array."""
    return reshaped(lambda each: {**each, "metadata": each["metadata"] or []}, "list")


@fault("metadata", VERBATIM_VALUES, lambda w: not _kept(w, {"a": " b\n"}), "Laravel's TrimStrings")
def tenth_values_are_trimmed() -> ASGIApp:
    """White space around metadata values is cut off."""
    return reading(metadata=values(str.strip))


def _nulls(w: Wire) -> object:
    return w.made(metadata={"a": ""})["metadata"] == {"a": None}


@fault("metadata", VERBATIM_VALUES, _nulls, "Laravel's ConvertEmptyStringsToNull")
def tenth_empty_values_become_null() -> ASGIApp:
    """Empty metadata values are shown as null."""
    return reshaped(lambda each: {**each, "metadata": {k: v or None for k, v in each["metadata"].items()}})


@fault("metadata", VERBATIM_VALUES, lambda w: not _kept(w, {"a": "R&D <b>"}), "apostrophecms/sanitize-html#497")
def tenth_values_are_escaped_as_html() -> ASGIApp:
    """Metadata values are saved with &, < and > as entities of HTML."""
    return reading(metadata=values(lambda value: html.escape(value, quote=False)))


def _nested(w: Wire) -> object:
    id = w.made()["id"]
    w.update(id, metadata={"billing.plan": "a"})
    return w.shown(id)["metadata"] == {"billing": {"plan": "a"}}


@fault("metadata", VERBATIM_KEYS, _nested, "MongoDB: $set reads a dot in a name as a path")
def tenth_update_reads_dots_as_paths() -> ASGIApp:
    """A metadata key with a dot becomes an object within an object when an update sets it."""

    def nested(new: Organization, _: Organization, body: Body) -> Organization:
        found: dict[str, Any] = dict(new.metadata)
        for key in pairs(dict(body)):
            outer, dot, inner = key.partition(".")
            if dot and key in found:
                found[outer] = {inner: found.pop(key)}
        return dataclasses.replace(new, metadata=found)

    return updating(nested)


def _case(w: Wire) -> object:
    id = w.made(metadata={"tier": "a"})["id"]
    return w.changed(id, metadata={"Tier": "b"})["metadata"] == {"Tier": "b"}


@fault("metadata", "update.metadata-merges", _case, ".NET: a Dictionary with StringComparer.OrdinalIgnoreCase")
def tenth_merge_ignores_case() -> ASGIApp:
    """An update that sets a metadata key removes the key that differs from it in case alone."""

    class Folding(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            named = {key.lower() for key in given}
            return super().merged({key: v for key, v in known.items() if key.lower() not in named}, given)

    return app(changes=Folding())


def _long(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.update(id, metadata={"k" * 41: "a"}).status_code == 200 and w.create(metadata={"k" * 41: "a"}).is_error


@fault("metadata", "body.metadata-long-key", _long, "a schema for creates, and a loose map for partial updates")
def tenth_updates_take_long_keys() -> ASGIApp:
    """An update accepts metadata keys of more than 40 characters."""

    class Loose(Rules):
        def update(self, content: bytes) -> Object:
            body = self.parsed(content)
            given = pairs(body) if isinstance(body, dict) else {}
            long = {key: v for key, v in given.items() if len(key) > 40 and isinstance(v, str)}
            if not long:
                return super().update(content)
            others = {key: v for key, v in given.items() if key not in long}
            checked = super().update(json.dumps({**body, "metadata": others}).encode())
            return {**checked, "metadata": {**others, **long}}

    return app(rules=Loose())


def _serialized(w: Wire) -> object:
    return w.create(metadata={"a": {"b": 1}}).status_code == 201


@fault("metadata", "body.metadata-type", _serialized, "metadata stored as text: what is no text is serialized")
def tenth_nested_metadata_is_serialized() -> ASGIApp:
    """A metadata value that is an object or an array is taken and saved as JSON text."""

    def text(value: Any) -> Any:
        return json.dumps(value) if isinstance(value, (dict, list)) else value

    def mended(body: Object) -> Object:
        given = pairs(body)
        return {**body, "metadata": {key: text(v) for key, v in given.items()}} if given else body

    return lenient(mended)


def _null(w: Wire) -> object:
    return w.create(metadata=None).status_code == 422


@fault("metadata", "create.accepts-valid-bodies", _null, "stripe/stripe-mock#217: null metadata break the validator")
def tenth_null_metadata_are_refused() -> ASGIApp:
    """A create whose metadata are null answers 422."""
    return strict(lambda body: unprocessable("metadata") if body.get("metadata", 0) is None else None, "create")


def _status(w: Wire) -> object:
    return w.create(metadata={"a": "v" * 601}).status_code == 422


@fault("metadata", "body.metadata-long-value", _status, "one handler of validation errors for all fields")
def tenth_bad_metadata_are_unprocessable() -> ASGIApp:
    """Metadata that break their limits answer 422."""

    def altered(_: Request, response: Reply) -> Reply:
        bad = response.status == 400 and isinstance(response.json, dict) and response.json["code"] == "invalid_metadata"
        return unprocessable("metadata") if bad else response

    return on_response(altered)
