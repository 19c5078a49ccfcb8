"""Updates that leave updated_at, or move it the wrong way."""

from __future__ import annotations

import dataclasses

from emulator.changes import Body
from emulator.records import Organization
from tests.mutants.parts.objects import organizations, put, stale
from tests.mutants.parts.updates import FIELDS, Updating
from tests.mutants.planting import mutant, plant


def moving_only(field: str) -> type[Updating]:
    """Changes that move updated_at only with a field."""

    class Moving(Updating):
        def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
            moves = FIELDS[field] in body
            return updated if moves else dataclasses.replace(updated, updated_at=known.updated_at)

    return Moving


def not_moving(field: str) -> type[Updating]:
    """Changes that do not move updated_at with a field alone."""

    class Staying(Updating):
        def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
            stays = set(body) == {FIELDS[field]}
            return dataclasses.replace(updated, updated_at=known.updated_at) if stays else updated

    return Staying


# fmt: off
plant("updated-at-stale", "update.moves-updated-at", "updated_at is always shown as at first.",
      organizations(stale("updated_at")))
plant("updated-at-is-created-at", "update.moves-updated-at", "updated_at is created_at.",
      organizations(lambda value: put("updated_at", value["created_at"])(value)))
plant("updated-at-moves-with-name-only", "update.moves-updated-at", "updated_at moves only with the name.",
      moving_only("name"))
plant("updated-at-moves-with-metadata-only", "update.moves-updated-at", "updated_at moves only with metadata.",
      moving_only("metadata"))
plant("updated-at-ignores-name", "update.moves-updated-at", "A change of name alone does not move updated_at.",
      not_moving("name"))
plant("updated-at-ignores-domains", "update.moves-updated-at", "A change of domains alone does not move updated_at.",
      not_moving("domains"))
plant("updated-at-ignores-metadata", "update.moves-updated-at", "A change of metadata alone does not move updated_at.",
      not_moving("metadata"))
plant("updated-at-ignores-external-id", "update.moves-updated-at",
      "A change of external_id alone does not move updated_at.",
      not_moving("external_id"))
plant("updated-at-ignores-stripe-customer-id", "update.moves-updated-at",
      "A change of stripe_customer_id alone does not move updated_at.",
      not_moving("stripe_customer_id"))
plant("updated-at-ignores-allow-profiles", "update.moves-updated-at",
      "A change of allow_profiles alone does not move updated_at.",
      not_moving("allow_profiles"))
# fmt: on


@mutant("updated-at-stays", "update.moves-updated-at")
class UpdatedAtStays(Updating):
    """An update leaves updated_at."""

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        return dataclasses.replace(updated, updated_at=known.updated_at)


@mutant("updated-at-goes-back", "update.moves-updated-at")
class UpdatedAtGoesBack(Updating):
    """An update moves updated_at an hour back."""

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        return dataclasses.replace(updated, updated_at=known.updated_at - 3_600_000)
