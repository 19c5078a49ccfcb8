"""Deletes after which something of the deleted organization stays taken, or comes back."""

from __future__ import annotations

import dataclasses

from emulator.identifiers import now
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.mutants.parts.stores import DomainTaken
from tests.mutants.planting import mutant


class Remembering(Store):
    """A store that remembers what was deleted, and when."""

    def __init__(self) -> None:
        super().__init__()
        self.deleted: list[tuple[int, Organization]] = []

    def delete(self, organization: Organization) -> None:
        super().delete(organization)
        self.deleted.append((now(), organization))

    def with_external_id(self, external_id: str | None, within: int = 10**9) -> Organization | None:
        """What was deleted with this external_id, not longer ago in milliseconds."""
        found = (gone for moment, gone in self.deleted if now() - moment < within)
        return next((gone for gone in found if external_id and gone.external_id == external_id), None)

    def with_domain_of(self, organization: Organization) -> Organization | None:
        """What was deleted with one of the organization's domains."""
        names = {domain.domain for domain in organization.domains}
        return next((gone for _, gone in self.deleted if names & {each.domain for each in gone.domains}), None)


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


@mutant("external-id-freed-late", "delete.frees-external-id")
class ExternalIdFreedLate(Remembering):
    """The external_id of what was deleted stays taken for a second."""

    def insert(self, organization: Organization) -> None:
        if self.with_external_id(organization.external_id, within=1000):
            raise Taken("external_id")
        super().insert(organization)


@mutant("external-id-brings-the-deleted-back", "delete.frees-external-id")
class ExternalIdBringsTheDeletedBack(Remembering):
    """A create with the external_id of a deleted organization brings back its metadata and domains."""

    def insert(self, organization: Organization) -> None:
        gone = self.with_external_id(organization.external_id)
        super().insert(organization)
        if gone:
            super().update(dataclasses.replace(organization, metadata=gone.metadata, domains=gone.domains))


@mutant("external-id-blocked-on-update", "delete.frees-external-id")
class ExternalIdBlockedOnUpdate(Remembering):
    """The external_id of what was deleted stays taken for updates."""

    def update(self, organization: Organization) -> None:
        known = self.by_id(organization.id)
        if known and known.external_id != organization.external_id and self.with_external_id(organization.external_id):
            raise Taken("external_id")
        super().update(organization)


@mutant("domains-blocked-for-ever", "delete.frees-domain")
class DomainsBlockedForEver(Remembering):
    """The domains of what was deleted stay taken."""

    def insert(self, organization: Organization) -> None:
        if self.with_domain_of(organization):
            raise DomainTaken
        super().insert(organization)


@mutant("domains-blocked-on-update", "delete.frees-domain")
class DomainsBlockedOnUpdate(Remembering):
    """The domains of what was deleted stay taken for updates."""

    def update(self, organization: Organization) -> None:
        if self.with_domain_of(organization):
            raise DomainTaken
        super().update(organization)


@mutant("domains-of-the-deleted-dropped", "delete.frees-domain")
class DomainsOfTheDeletedDropped(Remembering):
    """A create does not attach the domains of what was deleted."""

    def insert(self, organization: Organization) -> None:
        dropped = dataclasses.replace(organization, domains=()) if self.with_domain_of(organization) else organization
        super().insert(dropped)


@mutant("stripe-customer-blocked-for-ever", "delete.frees-stripe-customer-id")
class StripeCustomerBlockedForEver(Store):
    """The stripe_customer_id of what was deleted stays taken."""

    def __init__(self) -> None:
        super().__init__()
        self._blocked: set[str] = set()

    def delete(self, organization: Organization) -> None:
        super().delete(organization)
        if organization.stripe_customer_id:
            self._blocked.add(organization.stripe_customer_id)

    def update(self, organization: Organization) -> None:
        if organization.stripe_customer_id in self._blocked:
            raise Taken("stripe_customer_id")
        super().update(organization)
