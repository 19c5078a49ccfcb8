"""Metadata in documents, maps and columns of JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.types import ASGIApp

from emulator.changes import Changes
from tests.blind.parts.apps import app, keys, reading
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.interception import Forward, intercepting, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, crash, pairs
from tests.blind.registry import fault
from tests.blind.wire import Wire


def _replaced(w: Wire) -> object:
    id = w.made(metadata={"tier": "gold", "seats": "5"})["id"]
    return w.changed(id, metadata={"tier": "silver"})["metadata"] == {"tier": "silver"}


@fault("metadata", "update.metadata-merges", _replaced, "Prisma: a Json column is written as a whole")
def eighth_metadata_is_replaced() -> ASGIApp:
    """An update of metadata drops the keys that it leaves out."""

    class Replacing(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            return super().merged({}, given)

    return app(changes=Replacing())


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: w.made(metadata={"planTier": "gold"})["metadata"] == {"plan_tier": "gold"},
    "Rails: olive_branch, or deep_transform_keys(&:underscore) on the parameters",
)
def eighth_metadata_keys_are_underscored() -> ASGIApp:
    """A metadata key in camel case is kept in snake case."""
    return reading(
        metadata=keys(lambda key: re.sub("(?<=[a-z])([A-Z])", r"_\1", key).lower() if key.isalpha() else key)
    )


RESERVED = {
    "name",
    "status",
    "region",
    "role",
    "size",
    "owner",
    "level",
    "group",
    "type",
    "date",
    "year",
    "url",
    "zone",
}


def _reserved(w: Wire) -> object:
    id = w.made(metadata={"region": "eu"})["id"]
    return w.update(id, metadata={"region": "us"}).status_code == 500


@fault(
    "metadata",
    "update.accepts-valid-bodies",
    _reserved,
    "DynamoDB: 'Attribute name is a reserved keyword' in an UpdateExpression without placeholders",
)
def eighth_reserved_metadata_key_crashes() -> ASGIApp:
    """An update of a metadata key such as region, status, owner or type answers 500; a create takes it."""
    return strict(lambda body: crash() if {key.lower() for key in pairs(body)} & RESERVED else None, "update")


def _shared(w: Wire) -> object:
    first, second = w.many(2)
    w.changed(first, metadata={"tier": "gold"})
    return w.shown(second)["metadata"] == {"tier": "gold"}


@fault("metadata", "update.leaves-others-alone", _shared, "Python: def create(name, metadata={}), changed in place")
def eighth_organizations_share_a_default() -> ASGIApp:
    """Organizations that were created without metadata share the metadata that any of them is given later."""
    shared: dict[str, str] = {}
    sharing: set[str] = set()

    def shown(organization: Object) -> Object:
        return {**organization, "metadata": dict(shared)} if organization["id"] in sharing else organization

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        value = response.json
        if not response.good or not isinstance(value, dict):
            return response
        if request.operation == "create" and "metadata" not in fields(request):
            sharing.add(value["id"])
        if request.operation == "update" and request.last in sharing and "metadata" in fields(request):
            _change(shared, pairs(fields(request)))
        if request.operation == "list":
            return response.with_json({**value, "data": [shown(each) for each in value["data"]]})
        return response.with_json(shown(value))

    return intercepting(handle)


def _change(metadata: dict[str, str], given: Object) -> None:
    """Merges in place, as an update does."""
    if not given:
        metadata.clear()
    for key, value in given.items():
        if value is None:
            metadata.pop(key, None)
        else:
            metadata[key] = value


def _counted_twice(w: Wire) -> object:
    full = {f"key{at}": "old" for at in range(8)}
    id = w.made(metadata=full)["id"]
    return w.update(id, metadata=dict.fromkeys(full, "new")).status_code == 400


@fault("metadata", "update.accepts-valid-bodies", _counted_twice, "known.length + given.length > 10, before the merge")
def eighth_same_keys_are_counted_twice() -> ASGIApp:
    """An update is refused where the pairs that are there and those it gives are more than ten, same keys or not."""

    async def handle(request: Request, forward: Forward) -> Reply:
        given = pairs(fields(request))
        if request.operation == "update" and given:
            found = await forward(asked(request, "GET", request.path))
            if found.good and len(found.json["metadata"]) + len(given) > 10:
                return bad_request("invalid_metadata", "metadata must have at most 10 pairs.")
        return await forward(request)

    return intercepting(handle)
