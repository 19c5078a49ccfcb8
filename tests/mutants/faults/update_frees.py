"""Updates after which what an organization gave up stays taken."""

from __future__ import annotations

from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.mutants.planting import mutant


class Remembering(Store):
    """A store that remembers what updates replaced in one field."""

    field: str

    def __init__(self) -> None:
        super().__init__()
        self._replaced: set[object] = set()

    def update(self, organization: Organization) -> None:
        known = self.by_id(organization.id)
        super().update(organization)
        before, after = (getattr(each, self.field, None) for each in (known, organization))
        if before not in (None, after):
            self._replaced.add(before)

    def check(self, organization: Organization) -> None:
        """Raises Taken where the value of the field was replaced."""
        if getattr(organization, self.field) in self._replaced:
            raise Taken(self.field)


@mutant("replaced-external-id-taken", "update.frees-external-id")
class ReplacedExternalIdTaken(Remembering):
    """A create cannot take an external_id that an update replaced."""

    field = "external_id"

    def insert(self, organization: Organization) -> None:
        self.check(organization)
        super().insert(organization)


@mutant("replaced-stripe-customer-taken", "update.frees-stripe-customer-id")
class ReplacedStripeCustomerTaken(Remembering):
    """An update cannot take a stripe_customer_id that another one replaced."""

    field = "stripe_customer_id"

    def update(self, organization: Organization) -> None:
        self.check(organization)
        super().update(organization)


@mutant("old-external-id-blocked", "update.frees-external-id", occasion="lookup.after-change")
class OldExternalIdBlocked(Store):
    """An external_id that an organization gave up stays taken."""

    def __init__(self) -> None:
        super().__init__()
        self._owners: dict[str, str] = {}

    def update(self, organization: Organization) -> None:
        owner = self._owners.setdefault(organization.external_id or organization.id, organization.id)
        if owner != organization.id:
            raise Taken("external_id")
        super().update(organization)
