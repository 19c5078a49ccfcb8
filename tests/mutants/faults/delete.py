"""Deletes that remove too much or too little, or answer in another way."""

from __future__ import annotations

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.paging import NEWEST, OLDEST
from emulator.records import Organization
from emulator.store import Store
from tests.mutants.parts.replies import always_fails, replies, to_status
from tests.mutants.planting import mutant, plant


class Neighbour(Store):
    """A store that deletes one more."""

    def delete(self, organization: Organization) -> None:
        neighbours = self.neighbours(organization)
        super().delete(organization)
        for neighbour in neighbours:
            super().delete(neighbour)

    def neighbours(self, organization: Organization) -> list[Organization]:
        return []


# fmt: off
plant("delete-201-for-202", "delete.answers", "delete answers 201 in the place of 202.",
      replies(to_status(201), 202, "delete"), operation="delete")
plant("delete-204-for-202", "delete.answers", "delete answers 204 in the place of 202.",
      replies(to_status(204), 202, "delete"), operation="delete")
plant("delete-205-for-202", "delete.answers", "delete answers 205 in the place of 202.",
      replies(to_status(205), 202, "delete"), operation="delete")
plant("delete-fails", "delete.answers", "delete answers 500, always.", always_fails("delete"))
plant("delete-answers-404", "delete.answers", "delete answers 404, always.", replies(to_status(404), 202, "delete"))

plant("delete-202-for-404", "delete.unknown", "A delete of what is not there succeeds.",
      replies(to_status(202), 404, "delete"))
# fmt: on


@mutant("deletes-the-next", "delete.leaves-others-alone")
class DeletesTheNext(Neighbour):
    """A delete removes the next organization too."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        return self.newer(organization.key, 1, "", None)


@mutant("deletes-the-one-before", "delete.leaves-others-alone")
class DeletesTheOneBefore(Neighbour):
    """A delete removes the organization before too."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        return self.older(organization.key, 1, "", None)


@mutant("deletes-the-oldest", "delete.leaves-others-alone")
class DeletesTheOldest(Neighbour):
    """A delete removes the oldest organization too."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        return self.newer(OLDEST, 1, "", None)


@mutant("deletes-the-newest", "delete.leaves-others-alone")
class DeletesTheNewest(Neighbour):
    """A delete removes the newest organization too."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        return self.older(NEWEST, 1, "", None)


@mutant("deletes-all", "delete.leaves-others-alone")
class DeletesAll(Neighbour):
    """A delete removes all."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        return self.newer(OLDEST, 1000, "", None)


@mutant("deletes-the-same-second", "delete.leaves-others-alone")
class DeletesTheSameSecond(Neighbour):
    """A delete removes all that were made in the same 100 milliseconds."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        everybody = self.newer(OLDEST, 1000, "", None)
        return [each for each in everybody if each.created_at // 100 == organization.created_at // 100]


@mutant("deletes-domains-of-others", "delete.leaves-others-alone")
class DeletesDomainsOfOthers(Store):
    """A delete removes the newest domain of all others too."""

    def delete(self, organization: Organization) -> None:
        super().delete(organization)
        self._connection.execute("DELETE FROM organization_domain WHERE id = (SELECT max(id) FROM organization_domain)")


@mutant("second-delete-succeeds", "delete.twice")
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


@mutant("deletes-namesakes", "delete.leaves-others-alone")
class DeletesNamesakes(Neighbour):
    """A delete removes all organizations of the same name."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        return [each for each in self.newer(OLDEST, 1000, "", None) if each.name == organization.name]


@mutant("deletes-who-shares-a-domain", "delete.leaves-others-alone")
class DeletesWhoSharesADomain(Neighbour):
    """A delete removes all organizations that share a domain with the deleted one."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        return [each for domain in organization.domains for each in self.newer(OLDEST, 1000, "", domain.domain)]


@mutant("deletes-shared-domains", "delete.leaves-others-alone")
class DeletesSharedDomains(Store):
    """A delete takes the domains of the deleted organization from all others too."""

    def delete(self, organization: Organization) -> None:
        super().delete(organization)
        for domain in organization.domains:
            self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (domain.domain,))


@mutant("deletes-alike-outside", "delete.leaves-others-alone")
class DeletesAlikeOutside(Neighbour):
    """A delete removes all whose external_id begins with that of the deleted organization."""

    def neighbours(self, organization: Organization) -> list[Organization]:
        own = organization.external_id
        everybody = self.newer(OLDEST, 1000, "", None)
        return [each for each in everybody if own and (each.external_id or "").startswith(own)]
