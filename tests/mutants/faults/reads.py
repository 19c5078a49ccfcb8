"""Reads that lag, come from a cache, or find too much."""

from __future__ import annotations

import dataclasses

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.identifiers import now
from emulator.records import Organization
from emulator.store import Store
from tests.mutants.planting import mutant


@mutant("lookup.answers")
class LookupLags(Store):
    """A lookup finds nothing in the first second of an organization."""

    def by_external_id(self, external_id: str) -> Organization | None:
        found = super().by_external_id(external_id)
        return found if found and now() - found.created_at > 1000 else None


@mutant("get.answers")
class GetLags(Store):
    """An organization cannot be read in its first 300 milliseconds."""

    def by_id(self, id: str) -> Organization | None:
        found = super().by_id(id)
        return found if found and now() - found.created_at > 300 else None


@mutant("get.current-state")
class GetFromACache(Api):
    """A read goes on showing what it first showed for a second."""

    def __init__(self, store: Store, key: str) -> None:
        super().__init__(store, key)
        self._cache: dict[str, tuple[int, Organization]] = {}

    def get(self, call: Call) -> Response:
        id = call.path["id"]
        made, organization = self._cache.get(id, (0, None))
        if organization is None or now() - made > 1000 or self.store.by_id(id) is None:
            organization = self.known(id)
            self._cache[id] = (now(), organization)
        return self.responses.found(organization)


@mutant("lookup.current-state")
class LookupFromACache(Api):
    """A lookup goes on showing what it first showed."""

    def __init__(self, store: Store, key: str) -> None:
        super().__init__(store, key)
        self._cache: dict[str, Organization] = {}

    def lookup(self, call: Call) -> Response:
        external_id = call.path["external_id"]
        organization = self.known_outside(external_id)
        return self.responses.found(self._cache.setdefault(external_id + organization.id, organization))


@mutant("get.exact-id")
class IdByBeginning(Store):
    """An organization is found by how its id begins."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id) or self._one(
            "SELECT * FROM organization WHERE length(?1) > 20 AND id LIKE ?1 || '%'", id
        )


@mutant("get.exact-id")
class IdWithoutPrefix(Store):
    """An organization is found by its id without the prefix."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id) or super().by_id(f"org_{id}")


@mutant("get.exact-id")
class IdIsExternalId(Api):
    """An organization is found by its external_id in the place of its id."""

    def known(self, id: str) -> Organization:
        return self.store.by_external_id(id) or super().known(id)


@mutant("get.exact-id")
class IdIsCut(Store):
    """An id is read as far as it can be one."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id[:30])


@mutant("get.exact-id")
class IdIgnoresCase(Store):
    """The case of an id does not matter."""

    def by_id(self, id: str) -> Organization | None:
        return self._one("SELECT * FROM organization WHERE id = ? COLLATE NOCASE", id)


@mutant("get.exact-id")
class IdOfADomain(Store):
    """An organization is found by the id of one of its domains."""

    def by_id(self, id: str) -> Organization | None:
        select = (
            "SELECT organization.* FROM organization JOIN organization_domain d ON organization_id = organization.id"
        )
        return super().by_id(id) or self._one(f"{select} WHERE d.id = ?", id)


@mutant("get.unknown")
class UnknownIsNewest(Api):
    """An id that nobody has shows the newest organization."""

    def get(self, call: Call) -> Response:
        found = self.store.by_id(call.path["id"]) or next(iter(self.store.older((2**62, ""), 1, "", None)), None)
        return self.responses.found(found or self.known(call.path["id"]))


@mutant("get.current-state")
class ReadingTouches(Api):
    """Reading an organization moves its updated_at."""

    def get(self, call: Call) -> Response:
        known = self.known(call.path["id"])
        self.store.update(dataclasses.replace(known, updated_at=self.changes.moved(known.updated_at)))
        return super().get(call)


@mutant("get.current-state")
class WritesLag(Api):
    """An update can be read after 300 milliseconds, and not before."""

    def __init__(self, store: Store, key: str) -> None:
        super().__init__(store, key)
        self._former: dict[str, tuple[int, Organization]] = {}

    def update(self, call: Call) -> Response:
        known = self.known(call.path["id"])
        response = super().update(call)
        self._former[known.id] = (now(), known)
        return response

    def get(self, call: Call) -> Response:
        known = self.known(call.path["id"])
        moment, former = self._former.get(known.id, (0, known))
        return self.responses.found(former if now() - moment < 300 else known)
