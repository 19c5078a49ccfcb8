"""Deletes that remove too much or too little, or answer in another way."""

from __future__ import annotations

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.paging import NEWEST, OLDEST
from emulator.records import Organization
from emulator.refusals import Taken
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


@mutant("external-id-blocked-forever", "delete.frees-external-id")
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
