"""Organizations that can be seen after they were deleted."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.identifiers import now
from emulator.paging import Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from tests.mutants.parts.caches import Cache
from tests.mutants.parts.failures import fail_when
from tests.mutants.planting import mutant


class Buried(Store):
    """A store that keeps what was deleted, for those who look in the wrong place."""

    def __init__(self) -> None:
        super().__init__()
        self.graves: dict[str, tuple[int, Organization]] = {}

    def delete(self, organization: Organization) -> None:
        super().delete(organization)
        self.graves[organization.id] = (now(), organization)

    def buried(self, id: str, within: int = 10**9) -> Organization | None:
        """What was deleted not longer ago, in milliseconds."""
        moment, organization = self.graves.get(id, (0, None))
        return organization if now() - moment < within else None


class WithDeleted(Pages):
    """Pages that list what was deleted, where `shows` says so."""

    def __init__(self, store: Buried, shows: Callable[[Listing, Organization], bool]) -> None:
        super().__init__(store)
        self._graves = store.graves
        self._shows = shows

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        gone = [each for _, each in self._graves.values() if each.key < key and self._shows(listing, each)]
        return sorted([*found, *gone], key=lambda each: each.key, reverse=True)[:limit]


class ListsDeleted(Api):
    """An API with such pages."""

    def __init__(self, _: Store, key: str) -> None:
        store = Buried()
        super().__init__(store, key, pages=WithDeleted(store, self.shows))

    def shows(self, listing: Listing, gone: Organization) -> bool:
        """Whether a list shows this organization."""
        raise NotImplementedError


@mutant("get-cached-past-delete", "delete.gone")
class GetCachedPastDelete(Cache):
    """What was read before it was deleted can still be read."""

    operation = "get"
    cleared_by = ("create", "update")


@mutant("lookup-cached-past-delete", "delete.gone")
class LookupCachedPastDelete(Cache):
    """What was found before it was deleted is still found."""

    operation = "lookup"
    cleared_by = ("create", "update")


@mutant("delete-does-nothing", "delete.gone")
class DeleteDoesNothing(Store):
    """A delete answers, and does nothing."""

    def delete(self, organization: Organization) -> None:
        pass


@mutant("second-delete-counts", "delete.gone")
class SecondDeleteCounts(Store):
    """Only a second delete removes."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: set[str] = set()

    def delete(self, organization: Organization) -> None:
        if organization.id in self._asked:
            super().delete(organization)
        self._asked.add(organization.id)


@mutant("readable-after-delete", "delete.gone")
class ReadableAfterDelete(Buried):
    """What was deleted can still be read, by id only."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id) or self.buried(id)


@mutant("readable-for-a-while", "delete.gone")
class ReadableForAWhile(Buried):
    """What was deleted can be read for half a second."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id) or self.buried(id, 500)


@mutant("found-after-delete", "delete.gone")
class FoundAfterDelete(Buried):
    """What was deleted can still be looked up."""

    def by_external_id(self, external_id: str) -> Organization | None:
        buried = (each for _, each in self.graves.values() if each.external_id == external_id)
        return super().by_external_id(external_id) or next(buried, None)


@mutant("changeable-after-delete", "delete.gone")
class ChangeableAfterDelete(Api):
    """What was deleted can still be updated, and is then there again."""

    def __init__(self, store: Store, key: str) -> None:
        super().__init__(store, key)
        self._gone: dict[str, Organization] = {}

    def delete(self, call: Call) -> Response:
        self._gone[call.path["id"]] = self.known(call.path["id"])
        return super().delete(call)

    def update(self, call: Call) -> Response:
        gone = self._gone.pop(call.path["id"], None)
        if gone is not None:
            self.store.insert(gone)
        return super().update(call)


@mutant("list-cached-past-delete", "delete.gone-from-lists")
class ListCachedPastDelete(Cache):
    """A list that was asked for before a delete stays as it was."""

    operation = "list"
    cleared_by = ("create", "update")


@mutant("deleted-in-searches", "delete.gone-from-lists")
class DeletedInSearches(ListsDeleted):
    """Searches list what was deleted."""

    def shows(self, listing: Listing, gone: Organization) -> bool:
        return listing.search != "" and listing.search.casefold() in gone.name.casefold()


@mutant("deleted-in-lists-of-domains", "delete.gone-from-lists")
class DeletedInListsOfDomains(ListsDeleted):
    """Lists of a domain show what was deleted."""

    def shows(self, listing: Listing, gone: Organization) -> bool:
        return any(domain.domain in listing.domains for domain in gone.domains)


@mutant("deleted-in-plain-lists", "delete.gone-from-lists")
class DeletedInPlainLists(ListsDeleted):
    """Lists without a filter show what was deleted."""

    def shows(self, listing: Listing, gone: Organization) -> bool:
        return not (listing.search or listing.domains)


@mutant("get-of-deleted-fails", "delete.gone")
class GetOfDeletedFails(Buried):
    """The id of what was deleted makes the server fail."""

    def by_id(self, id: str) -> Organization | None:
        fail_when(self.buried(id))
        return super().by_id(id)


@mutant("lookup-of-deleted-fails", "delete.gone")
class LookupOfDeletedFails(Buried):
    """The external_id of what was deleted makes the server fail."""

    def by_external_id(self, external_id: str) -> Organization | None:
        found = super().by_external_id(external_id)
        fail_when(not found and any(each.external_id == external_id for _, each in self.graves.values()))
        return found


@mutant("deleted-emptied", "delete.gone")
class DeletedEmptied(Buried):
    """What was deleted can be read without its values."""

    def by_id(self, id: str) -> Organization | None:
        gone = self.buried(id)
        emptied = gone and dataclasses.replace(gone, name="", metadata={}, domains=(), external_id=None)
        return super().by_id(id) or emptied
