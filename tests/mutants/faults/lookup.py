"""Lookups that fail, lag, or find what is no more."""

from __future__ import annotations

import dataclasses

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.identifiers import now
from emulator.records import Organization
from emulator.store import Store
from tests.mutants.parts.caches import Cache
from tests.mutants.parts.objects import convert, organizations, put, stale
from tests.mutants.parts.replies import always_fails, not_found, other_name, replies, sometimes, to_status
from tests.mutants.parts.stores import sticking
from tests.mutants.planting import mutant, plant

# fmt: off
plant("lookup-fails", "lookup.answers", "lookup answers 500, always.", always_fails("lookup"))
plant("lookup-answers-404", "lookup.answers", "lookup answers 404, always.", replies(to_status(404), 200, "lookup"))

plant("every-twentieth-lookup-has-another-name", "lookup.current-state", "Every twentieth lookup has another name.",
      sometimes("lookup", 20, other_name), flaky=True)
plant("every-twentieth-lookup-is-gone", "lookup.current-state", "Every twentieth lookup is gone.",
      sometimes("lookup", 20, not_found), flaky=True)
plant("name-stale-in-lookup", "lookup.current-state", "lookup goes on showing name as it first did.",
      organizations(stale("name"), ("lookup",)), occasion="update.keeps-the-rest")
plant("metadata-stale-in-lookup", "lookup.current-state", "lookup goes on showing metadata as it first did.",
      organizations(stale("metadata"), ("lookup",)), occasion="update.keeps-the-rest")
plant("domains-stale-in-lookup", "lookup.current-state", "lookup goes on showing domains as it first did.",
      organizations(stale("domains"), ("lookup",)), occasion="update.keeps-the-rest")
plant("updated-at-stale-in-lookup", "lookup.current-state", "lookup goes on showing updated_at as it first did.",
      organizations(stale("updated_at"), ("lookup",)), occasion="update.keeps-the-rest")
plant("metadata-empty-in-lookup", "lookup.current-state", "A lookup shows no metadata.",
      organizations(put("metadata", {}), ("lookup",)))
plant("created-at-off-by-zone-in-lookup", "lookup.current-state", "A lookup shows created_at an hour off.",
      organizations(convert("created_at", lambda value: value.replace("Z", "+01:00")), ("lookup",)))

plant("lookup-200-for-404", "lookup.unknown", "lookup answers 200 in the place of 404.",
      replies(to_status(200), 404, "lookup"), operation="lookup")
plant("lookup-400-for-404", "lookup.unknown", "lookup answers 400 in the place of 404.",
      replies(to_status(400), 404, "lookup"), operation="lookup")
plant("lookup-403-for-404", "lookup.unknown", "lookup answers 403 in the place of 404.",
      replies(to_status(403), 404, "lookup"), operation="lookup")
plant("lookup-410-for-404", "lookup.unknown", "lookup answers 410 in the place of 404.",
      replies(to_status(410), 404, "lookup"), operation="lookup")
plant("lookup-422-for-404", "lookup.unknown", "lookup answers 422 in the place of 404.",
      replies(to_status(422), 404, "lookup"), operation="lookup")
plant("lookup-500-for-404", "lookup.unknown", "lookup answers 500 in the place of 404.",
      replies(to_status(500), 404, "lookup"), operation="lookup")

plant("external-id-sticks", "lookup.after-change", "external_id cannot be changed once it is there.",
      sticking("external_id"))
# fmt: on


@mutant("lookup-lags", "lookup.answers")
class LookupLags(Store):
    """A lookup finds nothing in the first second of an organization."""

    def by_external_id(self, external_id: str) -> Organization | None:
        found = super().by_external_id(external_id)
        return found if found and now() - found.created_at > 1000 else None


@mutant("lookup-cached-past-update", "lookup.current-state")
class LookupCachedPastUpdate(Cache):
    """What was found once is found as it was then."""

    operation = "lookup"
    cleared_by = ("create", "delete")


@mutant("not-found-cached", "lookup.current-state")
class NotFoundCached(Cache):
    """What was looked up before it was there is not found."""

    operation = "lookup"
    statuses = (404,)


@mutant("lookup-from-a-cache", "lookup.current-state")
class LookupFromACache(Api):
    """A lookup goes on showing what it first showed."""

    def __init__(self, store: Store, key: str) -> None:
        super().__init__(store, key)
        self._cache: dict[str, Organization] = {}

    def lookup(self, call: Call) -> Response:
        external_id = call.path["external_id"]
        organization = self.known_outside(external_id)
        return self.responses.found(self._cache.setdefault(external_id + organization.id, organization))


@mutant("control-characters-lost", "lookup.control-characters")
class ControlCharactersLost(Api):
    """A lookup does not see control characters."""

    def lookup(self, call: Call) -> Response:
        path = {name: "".join(filter(str.isprintable, value)) for name, value in call.path.items()}
        return super().lookup(dataclasses.replace(call, path=path))


@mutant("lookup-finds-the-last", "lookup.unknown")
class LookupFindsTheLast(Store):
    """A lookup that finds nothing finds the newest organization."""

    def by_external_id(self, external_id: str) -> Organization | None:
        return super().by_external_id(external_id) or next(iter(self.older((2**62, ""), 1, "", None)), None)


@mutant("first-external-id-stays", "lookup.after-change")
class FirstExternalIdStays(Store):
    """An external_id finds its organization after it was changed."""

    def __init__(self) -> None:
        super().__init__()
        self._former: dict[str, str] = {}

    def update(self, organization: Organization) -> None:
        known = self.by_id(organization.id)
        super().update(organization)
        if known and known.external_id and known.external_id != organization.external_id:
            self._former[known.external_id] = known.id

    def by_external_id(self, external_id: str) -> Organization | None:
        found = super().by_external_id(external_id)
        return found or (self.by_id(self._former[external_id]) if external_id in self._former else None)


@mutant("changed-external-id-unknown", "lookup.after-change")
class ChangedExternalIdUnknown(Store):
    """An external_id that came by an update finds nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._given: set[str] = set()

    def insert(self, organization: Organization) -> None:
        super().insert(organization)
        self._given.add(organization.external_id or "")

    def by_external_id(self, external_id: str) -> Organization | None:
        return super().by_external_id(external_id) if external_id in self._given else None


@mutant("cleared-external-id-stays", "lookup.after-clearing")
class ClearedExternalIdStays(FirstExternalIdStays):
    """An external_id finds its organization after it was cleared."""

    def by_external_id(self, external_id: str) -> Organization | None:
        found = super().by_external_id(external_id)
        return found if found and found.external_id in (external_id, None) else None


@mutant("lookup-remembers-for-ever", "lookup.after-change")
class LookupRemembersForEver(Store):
    """A lookup goes on finding the organization that it found first, whoever has the external_id now."""

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, str] = {}

    def by_external_id(self, external_id: str) -> Organization | None:
        remembered = self.by_id(self._found.get(external_id, ""))
        found = remembered or super().by_external_id(external_id)
        if found:
            self._found[external_id] = found.id
        return found
