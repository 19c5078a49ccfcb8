"""Updates after which an organization was created at another time."""

from __future__ import annotations

import dataclasses
from datetime import datetime

from emulator.changes import Body
from emulator.records import Organization
from tests.mutants.parts.objects import mixed_up, organizations, put
from tests.mutants.parts.updates import Updating
from tests.mutants.planting import mutant, plant

# fmt: off
plant("created-at-mixed-up", "update.identity", "created_at is that of the organization that was shown before.",
      organizations(mixed_up("created_at")))
plant("created-at-is-now", "update.identity", "created_at is the last change.",
      organizations(lambda value: put("created_at", value["updated_at"])(value)))
# fmt: on


def milliseconds(timestamp: str) -> int:
    """Since the epoch."""
    return round(datetime.fromisoformat(timestamp).timestamp() * 1000)


@mutant("update-moves-created-at", "update.identity")
class UpdateMovesCreatedAt(Updating):
    """An update moves created_at in its response and from then on."""

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        return dataclasses.replace(updated, created_at=updated.updated_at)


@mutant("update-takes-created-at", "update.identity")
class UpdateTakesCreatedAt(Updating):
    """An update stores whatever the body has, created_at as well."""

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        given = body.get("created_at")
        return dataclasses.replace(updated, created_at=milliseconds(given)) if given else updated
