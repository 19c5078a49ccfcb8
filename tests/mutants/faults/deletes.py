"""Deletes that do nothing, too much, or too late."""

from __future__ import annotations

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.identifiers import now
from emulator.paging import NEWEST, OLDEST, Pages
from emulator.records import Key, Organization
from emulator.refusals import Taken
from emulator.store import Store
from emulator.validation import Listing
from tests.mutants.planting import mutant, plant


@mutant("delete.gone")
class DeleteDoesNothing(Store):
    """A delete answers, and does nothing."""

    def delete(self, organization: Organization) -> None:
        pass


@mutant("delete.gone")
class SecondDeleteCounts(Store):
    """Only a second delete removes."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: set[str] = set()

    def delete(self, organization: Organization) -> None:
        if organization.id in self._asked:
            super().delete(organization)
        self._asked.add(organization.id)


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


@mutant("delete.gone")
class ReadableAfterDelete(Buried):
    """What was deleted can still be read, by id only."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id) or self.buried(id)


@mutant("delete.gone")
class ReadableForAWhile(Buried):
    """What was deleted can be read for half a second."""

    def by_id(self, id: str) -> Organization | None:
        return super().by_id(id) or self.buried(id, 500)


@mutant("delete.gone")
class FoundAfterDelete(Buried):
    """What was deleted can still be looked up."""

    def by_external_id(self, external_id: str) -> Organization | None:
        buried = (each for _, each in self.graves.values() if each.external_id == external_id)
        return super().by_external_id(external_id) or next(buried, None)


@mutant("delete.gone")
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


class Listed(Pages):
    """Pages that list what was deleted, where `applies`."""

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        found = super().older(listing, key, limit)
        graves = getattr(self.store, "graves", {}).values()
        gone = [each for _, each in graves if each.key < key and self.applies(listing, each)]
        return sorted([*found, *gone], key=lambda each: each.key, reverse=True)[:limit]

    def applies(self, listing: Listing, gone: Organization) -> bool:
        return False


def burying(pages: type[Listed]) -> type[Api]:
    """An API with such pages over a store that keeps what was deleted."""

    class Burying(Api):
        def __init__(self, _: Store, key: str) -> None:
            store = Buried()
            super().__init__(store, key, pages=pages(store))

    return Burying


class InSearches(Listed):
    """Searches list what was deleted."""

    def applies(self, listing: Listing, gone: Organization) -> bool:
        return listing.search != "" and listing.search.casefold() in gone.name.casefold()


class InDomains(Listed):
    """Lists of a domain show what was deleted."""

    def applies(self, listing: Listing, gone: Organization) -> bool:
        return any(domain.domain in listing.domains for domain in gone.domains)


class InPlainLists(Listed):
    """Lists without a filter show what was deleted."""

    def applies(self, listing: Listing, gone: Organization) -> bool:
        return not (listing.search or listing.domains)


for name, pages in (("deleted-in-searches", InSearches), ("deleted-in-lists-of-domains", InDomains),
                    ("deleted-in-plain-lists", InPlainLists)):  # fmt: skip
    plant(name, "delete.gone-from-lists", pages.__doc__ or "", burying(pages))


class Neighbour(Store):
    """A store that deletes one more."""

    def delete(self, organization: Organization) -> None:
        neighbours = self.neighbours(organization)
        super().delete(organization)
        for neighbour in neighbours:
            super().delete(neighbour)

    def neighbours(self, organization: Organization) -> list[Organization]:
        return []


@mutant("delete.leaves-others-alone")
class DeletesTheNext(Neighbour):
    """A delete removes the next organization too."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        return self.newer(organization.key, 1, "", None)


@mutant("delete.leaves-others-alone")
class DeletesTheOneBefore(Neighbour):
    """A delete removes the organization before too."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        return self.older(organization.key, 1, "", None)


@mutant("delete.leaves-others-alone")
class DeletesTheOldest(Neighbour):
    """A delete removes the oldest organization too."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        return self.newer(OLDEST, 1, "", None)


@mutant("delete.leaves-others-alone")
class DeletesTheNewest(Neighbour):
    """A delete removes the newest organization too."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        return self.older(NEWEST, 1, "", None)


@mutant("delete.leaves-others-alone")
class DeletesAll(Neighbour):
    """A delete removes all."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        return self.newer(OLDEST, 1000, "", None)


@mutant("delete.leaves-others-alone")
class DeletesTheSameSecond(Neighbour):
    """A delete removes all that were made in the same 100 milliseconds."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        everybody = self.newer(OLDEST, 1000, "", None)
        return [each for each in everybody if each.created_at // 100 == organization.created_at // 100]


@mutant("delete.leaves-others-alone")
class DeletesDomainsOfOthers(Store):
    """A delete removes the newest domain of all others too."""

    def delete(self, organization: Organization) -> None:
        super().delete(organization)
        self._connection.execute("DELETE FROM organization_domain WHERE id = (SELECT max(id) FROM organization_domain)")


@mutant("delete.frees-external-id")
class ExternalIdBlockedForever(Store):
    """The external_id of what was deleted stays taken."""

    def __init__(self) -> None:
        super().__init__()
        self._blocked: set[str | None] = set()

    def delete(self, organization: Organization) -> None:
        super().delete(organization)
        self._blocked.add(organization.external_id)

    def insert(self, organization: Organization) -> None:
        if organization.external_id and organization.external_id in self._blocked:
            raise Taken("external_id")
        super().insert(organization)


@mutant("delete.twice", weak="only R shows the 404 of DELETE")
class SecondDeleteSucceeds(Api):
    """A second delete succeeds."""

    def __init__(self, store: Store, key: str) -> None:
        super().__init__(store, key)
        self._gone: set[str] = set()

    def delete(self, call: Call) -> Response:
        id = call.path["id"]
        if id in self._gone:
            return self.responses.deleted()
        self._gone.add(id)
        return super().delete(call)
