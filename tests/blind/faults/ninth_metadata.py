"""Metadata: how they merge, and how they are kept and shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from tests.blind.parts.apps import app, reading
from tests.blind.parts.asking import fields
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, lenient, reshaped
from tests.blind.parts.messages import Object, Reply, Request, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


def _replaced_with_name(w: Wire) -> object:
    id = w.made(metadata={"a": "1", "b": "2"})["id"]
    return w.changed(id, name="Other", metadata={"a": "3"})["metadata"] == {"a": "3"}


@fault("metadata", "update.metadata-merges", _replaced_with_name, "a special case for metadata alone that merges")
def ninth_metadata_merge_alone() -> ASGIApp:
    """Metadata that an update names along with another field replace all pairs."""

    def made(new: Organization, _: Organization, body: Body) -> Organization:
        together = body.get("metadata") and len(body) > 1
        return dataclasses.replace(new, metadata=_set(body["metadata"])) if together else new

    return updating(made)


def _set(given: Mapping[str, str | None]) -> Mapping[str, str]:
    return {key: value for key, value in given.items() if value is not None}


def _empty_with_name(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, name="Other", metadata={})["metadata"] == {"a": "1"}


@fault("metadata", "update.metadata-empty", _empty_with_name, "_.isEmpty as a filter of what is to be written")
def ninth_empty_metadata_are_ignored_beside_others() -> ASGIApp:
    """Empty metadata remove nothing where the update names another field as well."""

    def mended(body: Object) -> Object:
        return without(body, "metadata") if body.get("metadata") == {} and len(body) > 1 else body

    return lenient(mended, "update")


def _of_creation(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    w.changed(id, metadata={"b": "2"})
    return w.changed(id, metadata={"c": "3"})["metadata"] == {"a": "1", "c": "3"}


@fault("metadata", "update.metadata-merges", _of_creation, "an identity map whose object stays as it was first loaded")
def ninth_merge_with_first_metadata() -> ASGIApp:
    """An update merges its metadata with the pairs that the organization was created with."""
    first: dict[str, Mapping[str, str]] = {}

    class FromFirst(Changes):
        def created(self, body: Body) -> Organization:
            new = super().created(body)
            first[new.id] = new.metadata
            return new

        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            return super().next_metadata(dataclasses.replace(known, metadata=first[known.id]), body)

    return app(changes=FromFirst())


def _blank_removes(w: Wire) -> object:
    id = w.made(metadata={"a": "1", "b": "2"})["id"]
    return w.changed(id, metadata={"a": ""})["metadata"] == {"b": "2"}


@fault(
    "metadata", "update.sets-what-was-sent", _blank_removes, "the rule of another API, where an empty text unsets a key"
)
def ninth_empty_value_removes_the_pair() -> ASGIApp:
    """An update removes the pair whose value it sets to an empty text."""
    return reading(create=False, metadata=lambda found: {key: v or None for key, v in found.items()})


def _first_wins(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, metadata={"a": "2", "b": "3"})["metadata"] == {"a": "1", "b": "3"}


@fault("metadata", "update.metadata-merges", _first_wins, "{**given, **known}")
def ninth_known_value_wins() -> ASGIApp:
    """An update that sets a known key of the metadata leaves its value as it was."""

    class Backwards(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            return {
                **super().merged(known, given),
                **{key: v for key, v in known.items() if given.get(key, "") is not None},
            }

    return app(changes=Backwards())


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: w.made(metadata={"0": "a", "1": "b"})["metadata"] == ["a", "b"],
    "json_encode of PHP, whose arrays know no text that looks like a number",
)
def ninth_numbered_metadata_are_a_list() -> ASGIApp:
    """Metadata whose keys are 0, 1 and so on without a gap are shown as an array of their values."""

    def shown(organization: Object) -> Object:
        found = organization["metadata"]
        numbered = found and [*found] == [str(at) for at in range(len(found))]
        return {**organization, "metadata": [*found.values()] if numbered else found}

    return reshaped(shown)


def _camel(w: Wire) -> object:
    external = token()
    w.made(external_id=external, metadata={"billing_tier": "a"})
    return w.lookup(external).json()["metadata"] == {"billingTier": "a"}


@fault(
    "metadata", "lookup.current-state", _camel, "a middleware that turns keys into camel case, however deep they lie"
)
def ninth_lookup_in_camel_case() -> ASGIApp:
    """A lookup shows metadata keys with underscores in camel case."""

    def camel(key: str) -> str:
        head, *tail = key.split("_")
        return head + "".join(part.capitalize() for part in tail)

    def shown(organization: Object) -> Object:
        return {**organization, "metadata": {camel(key): v for key, v in organization["metadata"].items()}}

    return reshaped(shown, "lookup")


def _null_after_removal(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    w.changed(id, metadata={})
    return w.shown(id)["metadata"] is None


@fault("metadata", "organization.metadata", _null_after_removal, "NULLIF(metadata, '{}') on update alone")
def ninth_removed_metadata_are_null() -> ASGIApp:
    """The metadata are null once an update has removed all pairs."""
    removed: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "update" and response.good and fields(request).get("metadata", 0) == {}:
            removed.add(request.last)
        return response

    def shown(organization: Object) -> Object:
        gone = organization["id"] in removed and not organization["metadata"]
        return {**organization, "metadata": None} if gone else organization

    return reshaped(shown, inner=intercepting(handle))


def _empty_list(w: Wire) -> object:
    return w.listed(w.made()["id"])["metadata"] == []


@fault("metadata", "organization.metadata", _empty_list, "json_encode of an empty array of PHP")
def ninth_list_has_empty_metadata_as_array() -> ASGIApp:
    """A list shows metadata without a pair as an empty array."""
    return reshaped(lambda organization: {**organization, "metadata": organization["metadata"] or []}, "list")
