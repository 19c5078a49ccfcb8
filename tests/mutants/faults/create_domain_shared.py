"""Creates that do not let two organizations have one domain."""

from __future__ import annotations

import dataclasses

from emulator.paging import OLDEST
from emulator.records import Organization
from emulator.store import Store
from tests.mutants.parts.stores import one_owner
from tests.mutants.planting import mutant, plant

# fmt: off
plant("verified-domain-has-one-owner", "create.domain-shared",
      "A verified domain that another organization has is refused.",
      one_owner("verified"))
plant("pending-domain-has-one-owner", "create.domain-shared-pending",
      "A pending domain that another organization has is refused.",
      one_owner("pending"))
# fmt: on


@mutant("shared-domain-moves", "create.domain-shared")
class SharedDomainMoves(Store):
    """A domain leaves the organization that has it when another one gets it."""

    def insert(self, organization: Organization) -> None:
        for domain in organization.domains:
            self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (domain.domain,))
        super().insert(organization)


@mutant("shared-domain-not-attached", "create.domain-shared")
class SharedDomainNotAttached(Store):
    """A domain that another organization has is not attached, without a word."""

    def insert(self, organization: Organization) -> None:
        free = [each for each in organization.domains if not self.newer(OLDEST, 1, "", each.domain)]
        super().insert(dataclasses.replace(organization, domains=tuple(free)))
