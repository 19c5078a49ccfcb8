"""Updates that go wrong after they were computed rightly."""

from __future__ import annotations

import dataclasses

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization

FIELDS = {
    "name": "name",
    "domains": "domain_data",
    "metadata": "metadata",
    "external_id": "external_id",
    "stripe_customer_id": "stripe_customer_id",
    "allow_profiles": "allow_profiles_outside_organization",
}
"""What is kept, and what a body calls it."""


def ignoring(field: str) -> type[Changes]:
    """Changes that leave a field as it is."""

    class Ignoring(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            return dataclasses.replace(super().updated(known, body), **{field: getattr(known, field)})

    return Ignoring


class Updating(Changes):
    """Changes whose updates go wrong."""

    def updated(self, known: Organization, body: Body) -> Organization:
        return self.spoilt(known, body, super().updated(known, body))

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        """The wrong organization in the place of the updated one."""
        return updated


class Replacing(Changes):
    """Changes that put other domains into an organization."""

    def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
        return self.others(known, body, super().replaced_domains(known, body, moment))

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        """The wrong domains in the place of the right ones."""
        return domains
