"""Updates that do not keep external_ids unique, or say so in another way."""

from __future__ import annotations

from emulator.records import Organization
from emulator.refusals import Refusal, Taken
from emulator.store import Store
from tests.mutants.parts.objects import Object, Refusing
from tests.mutants.parts.races import racing
from tests.mutants.parts.replies import replies, to_status
from tests.mutants.parts.stores import Loose
from tests.mutants.planting import mutant, plant

# fmt: off
plant("update-200-for-400", "update.external-id-taken", "update answers 200 in the place of 400.",
      replies(to_status(200), 400, "update"), operation="update")
plant("update-409-for-400", "update.external-id-taken", "update answers 409 in the place of 400.",
      replies(to_status(409), 400, "update"), operation="update")
plant("update-422-for-400", "update.external-id-taken", "update answers 422 in the place of 400.",
      replies(to_status(422), 400, "update"), operation="update")
plant("update-500-for-400", "update.external-id-taken", "update answers 500 in the place of 400.",
      replies(to_status(500), 400, "update"), operation="update")

plant("update-race-of-5-ms", "update.external-id-race", "5 ms lie between the check of an external_id and the update.",
      racing("update", 5))
plant("update-race-of-20-ms", "update.external-id-race",
      "20 ms lie between the check of an external_id and the update.",
      racing("update", 20))
# fmt: on


@mutant("external-id-not-unique-on-update", "update.external-id-taken")
class ExternalIdNotUniqueOnUpdate(Loose):
    """An update may take an external_id that is taken."""

    loose = ("external_id",)
    on = ("UPDATE",)


@mutant("taken-external-id-taken-away-on-update", "update.external-id-taken")
class TakenExternalIdTakenAwayOnUpdate(Store):
    """An update takes an external_id away from the organization that has it."""

    def update(self, organization: Organization) -> None:
        statement = "UPDATE organization SET external_id = NULL WHERE external_id = ? AND id <> ?"
        self._connection.execute(statement, (organization.external_id, organization.id))
        super().update(organization)


@mutant("taken-external-id-with-other-code", "update.external-id-taken")
class TakenExternalIdWithOtherCode(Refusing):
    """An external_id that is taken is refused as a stripe_customer_id."""

    def instead(self, refusal: Refusal) -> Object:
        return {"code": "stripe_customer_id_already_used"} if isinstance(refusal, Taken) else {}
