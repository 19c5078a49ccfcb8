"""Metadata that are merged, stored or shown otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app, keys, reading
from tests.blind.parts.asking import fields
from tests.blind.parts.interception import Forward, intercepting, reshaped
from tests.blind.parts.messages import Object, Reply, Request
from tests.blind.registry import fault
from tests.blind.wire import Wire


class Merging(Changes):
    """Merges in another way."""

    def merge(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, Any]:
        """The metadata after an update."""
        return super().merged(known, given)

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, Any]:
        """The metadata after an update."""
        return self.merge(known, given)


def _old_value(w: Wire) -> object:
    id = w.made(metadata={"a": "old"})["id"]
    return w.changed(id, metadata={"a": "new", "b": "new"})["metadata"] == {"a": "old", "b": "new"}


@fault("metadata", "update.metadata-merges", _old_value, "putIfAbsent")
def eleventh_old_values_win() -> ASGIApp:
    """A metadata key that is there already keeps its old value when an update names it."""

    class Absent(Merging):
        def merge(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, Any]:
            return super().merge(known, {key: v for key, v in given.items() if v is None or key not in known})

    return app(changes=Absent())


def _nested(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return w.changed(id, metadata={"x.y": "z"})["metadata"] == {"a": "b", "x": {"y": "z"}}


@fault("metadata", "body.metadata-keys-verbatim", _nested, "$set with the key behind `metadata.`")
def eleventh_dots_nest_in_updates() -> ASGIApp:
    """An update makes an object of a metadata key with a dot inside."""

    class Nesting(Merging):
        def merge(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, Any]:
            found: dict[str, Any] = dict(super().merge(known, given))
            for key in [key for key in given if re.fullmatch(r"[^.]+\.[^.]+", key) and key in found]:
                outer, _, inner = key.partition(".")
                found[outer] = {inner: found.pop(key)}
            return found

    return app(changes=Nesting())


def _empty_removes(w: Wire) -> object:
    id = w.made(metadata={"a": "b", "c": "d"})["id"]
    return w.changed(id, metadata={"a": ""})["metadata"] == {"c": "d"}


@fault("metadata", "update.metadata-merges", _empty_removes, "the way in which another well-known API unsets a key")
def eleventh_empty_value_removes() -> ASGIApp:
    """An update removes a metadata key whose value it sets to the empty text."""

    class Unsetting(Merging):
        def merge(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, Any]:
            return super().merge(known, {key: v or None for key, v in given.items()})

    return app(changes=Unsetting())


def _one_of_cases(w: Wire) -> object:
    return w.made(metadata={"Plan": "a", "plan": "b"})["metadata"] == {"Plan": "b"}


@fault("metadata", "body.metadata-keys-verbatim", _one_of_cases, "TreeMap with CASE_INSENSITIVE_ORDER")
def eleventh_keys_of_any_case_are_one() -> ASGIApp:
    """Metadata keys that differ in case alone are one key."""

    def folded(metadata: Object) -> Object:
        names: dict[str, str] = {}
        return {names.setdefault(key.lower(), key): v for key, v in metadata.items()}

    return reading(metadata=folded)


def _snake(w: Wire) -> object:
    made = w.made(metadata={"costCenter": "1"})
    return made["metadata"] == {"cost_center": "1"}


@fault("metadata", "body.metadata-keys-verbatim", _snake, "an interceptor that writes all keys in snake case")
def eleventh_keys_in_snake_case() -> ASGIApp:
    """Metadata keys in camel case are shown in snake case."""

    def written(key: str) -> str:
        return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f"_{found[1].lower()}", key)

    return reshaped(lambda o: {**o, "metadata": {written(key): v for key, v in o["metadata"].items()}})


def _emptied_in_answer(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return w.changed(id, metadata={})["metadata"] == {} and w.shown(id)["metadata"] == {"a": "b"}


@fault("metadata", "update.metadata-empty", _emptied_in_answer, "Object.assign(known, {}) before the save")
def eleventh_metadata_are_emptied_in_the_answer() -> ASGIApp:
    """Empty metadata in an update show in its answer, and change nothing."""

    async def handle(request: Request, forward: Forward) -> Reply:
        body = fields(request)
        if request.operation != "update" or body.get("metadata") != {}:
            return await forward(request)
        response = await forward(request.with_json({name: v for name, v in body.items() if name != "metadata"}))
        return response.with_json({**response.json, "metadata": {}}) if response.good else response

    return intercepting(handle)


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: w.made(metadata={"_source": "import", "a": "b"})["metadata"] == {"a": "b"},
    "the service's own marks in the same column",
)
def eleventh_hides_keys_with_underscore() -> ASGIApp:
    """Metadata keys that begin with an underscore are dropped."""
    return reading(metadata=keys(lambda key: None if key.startswith("_") else key))


def _as_text(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return w.listed(id)["metadata"] == '{"a": "b"}' and w.shown(id)["metadata"] == {"a": "b"}


@fault("metadata", "organization.metadata", _as_text, "raw SQL for lists, where nobody parses the JSON column")
def eleventh_lists_show_metadata_as_text() -> ASGIApp:
    """Lists show metadata as a text that holds their JSON."""
    return reshaped(lambda o: {**o, "metadata": json.dumps(o["metadata"])}, "list")


def _shared(w: Wire) -> object:
    first, second = w.many(2)
    w.changed(first, metadata={"a": "b"})
    return w.shown(second)["metadata"] == {"a": "b"}


@fault("metadata", "update.leaves-others-alone", _shared, "const DEFAULTS = {metadata: {}}, and Object.assign")
def eleventh_organizations_share_their_first_metadata() -> ASGIApp:
    """All organizations that were made without metadata have the same ones: what an update sets in one, all show."""
    shared: dict[str, str] = {}
    sharing: set[str] = set()

    class Sharing(Changes):
        def created(self, body: Body) -> Organization:
            made = super().created(body)
            if not made.metadata:
                sharing.add(made.id)
            return made

        def updated(self, known: Organization, body: Body) -> Organization:
            new = super().updated(known, body)
            if known.id in sharing and body.get("metadata"):
                merged = self.merged(shared, body["metadata"])
                shared.clear()
                shared.update(merged)
            elif "metadata" in body:
                sharing.discard(known.id)
            return new

    class Showing(Responses):
        def organization(self, organization: Organization) -> dict[str, Any]:
            shown = super().organization(organization)
            return {**shown, "metadata": dict(shared)} if organization.id in sharing else shown

    return app(changes=Sharing(), responses=Showing())
