"""Updates that do not merge metadata as documented."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.refusals import InvalidMetadata
from tests.mutants.parts.bodies import keyword, relaxed
from tests.mutants.parts.objects import organizations, stale
from tests.mutants.parts.updates import ignoring
from tests.mutants.planting import mutant, plant

# fmt: off
plant("metadata-stale", "update.metadata-merges", "metadata is always shown as at first.",
      organizations(stale("metadata")))
plant("update-ignores-metadata", "update.metadata-merges", "An update does not change metadata.", ignoring("metadata"))

plant("update-empty-metadata-refused", "update.metadata-empty", "An update refuses empty metadata.",
      relaxed(keyword("metadata", "minProperties", 1), ("update",)), operation="update")
# fmt: on


@mutant("metadata-replaced", "update.metadata-merges")
class MetadataReplaced(Changes):
    """Metadata of an update replace those that were there."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return super().merged({}, given)


@mutant("metadata-only-added", "update.metadata-merges")
class MetadataOnlyAdded(Changes):
    """An update adds metadata, and changes none that are there."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return super().merged({}, {**given, **known})


@mutant("metadata-only-changed", "update.metadata-merges")
class MetadataOnlyChanged(Changes):
    """An update changes metadata that are there, and adds none unless there are none."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        kept = {key: value for key, value in given.items() if key in known or not known}
        return super().merged(known, kept)


@mutant("metadata-appended", "update.metadata-merges")
class MetadataAppended(Changes):
    """An update appends to metadata that are there."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return super().merged(known, {key: known.get(key, "") + (value or "") for key, value in given.items()})


@mutant("metadata-replaced-by-many", "update.metadata-merges")
class MetadataReplacedByMany(Changes):
    """Metadata of more than one pair replace those that were there."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return super().merged({} if len(given) > 1 else known, given)


@mutant("metadata-count-the-old", "update.metadata-merges")
class MetadataCountTheOld(Changes):
    """Known and given metadata together may be four at most."""

    def limited(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
        if len(metadata) > 2:
            raise InvalidMetadata("metadata: too many.")
        return metadata


@mutant("empty-metadata-ignored", "update.metadata-empty")
class EmptyMetadataIgnored(Changes):
    """Empty metadata in an update change nothing."""

    def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
        return super().next_metadata(known, body) if body.get("metadata") else known.metadata


@mutant("empty-metadata-leaves-one", "update.metadata-empty")
class EmptyMetadataLeavesOne(Changes):
    """Empty metadata in an update leave the first pair."""

    def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
        following = super().next_metadata(known, body)
        return following if following or "metadata" not in body else dict(list(known.metadata.items())[:1])


@mutant("null-metadata-key-ignored", "update.metadata-null-key")
class NullMetadataKeyIgnored(Changes):
    """A metadata key of null changes nothing."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return {**known, **super().merged({}, given)}


@mutant("null-metadata-key-empties", "update.metadata-null-key")
class NullMetadataKeyEmpties(Changes):
    """A metadata key of null makes its value empty."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return {**known, **{key: value or "" for key, value in given.items()}}


@mutant("merged-metadata-unlimited", "update.metadata-limit-after-merge")
class MergedMetadataUnlimited(Changes):
    """Merged metadata may be more than fifty."""

    def limited(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
        return metadata


@mutant("merge-only-answered", "update.metadata-merges")
class MergeOnlyAnswered(Api):
    """An update answers with merged metadata, and keeps those that were sent."""

    def update(self, call: Call) -> Response:
        response = super().update(call)
        given = self.rules.update(call.content).get("metadata")
        if given:
            self.store.update(dataclasses.replace(self.known(call.path["id"]), metadata=given))
        return response
