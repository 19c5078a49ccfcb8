"""Updates after which what an organization gave up stays taken."""

from __future__ import annotations

from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.mutants.planting import mutant


class Remembering(Store):
    """A store that remembers the external_ids that updates replaced."""

    def __init__(self) -> None:
        super().__init__()
        self._replaced: set[str | None] = set()

    def update(self, organization: Organization) -> None:
        known = self.by_id(organization.id)
        super().update(organization)
        if known is not None and known.external_id not in (None, organization.external_id):
            self._replaced.add(known.external_id)

    def check(self, organization: Organization) -> None:
        """Raises Taken where the external_id was replaced."""
        if organization.external_id in self._replaced:
            raise Taken("external_id")


@mutant("replaced-external-id-taken", "update.frees-external-id")
class ReplacedExternalIdTaken(Remembering):
    """A create cannot take an external_id that an update replaced."""

    def insert(self, organization: Organization) -> None:
        self.check(organization)
        super().insert(organization)
