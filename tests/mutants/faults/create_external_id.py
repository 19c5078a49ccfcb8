"""Creates that do not keep external_ids unique, or say so in another way."""

from __future__ import annotations

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import Refusal, Taken
from emulator.store import Store
from tests.mutants.parts.objects import Object, Refusing
from tests.mutants.parts.races import racing
from tests.mutants.parts.replies import replies, to_status
from tests.mutants.parts.stores import Loose
from tests.mutants.planting import mutant, plant

# fmt: off
plant("create-201-for-400", "create.external-id-taken", "create answers 201 in the place of 400.",
      replies(to_status(201), 400, "create"), operation="create")
plant("create-409-for-400", "create.external-id-taken", "create answers 409 in the place of 400.",
      replies(to_status(409), 400, "create"), operation="create")
plant("create-422-for-400", "create.external-id-taken", "create answers 422 in the place of 400.",
      replies(to_status(422), 400, "create"), operation="create")
plant("create-500-for-400", "create.external-id-taken", "create answers 500 in the place of 400.",
      replies(to_status(500), 400, "create"), operation="create")

plant("create-race-of-5-ms", "create.external-id-race", "5 ms lie between the check of an external_id and the create.",
      racing("create", 5))
plant("create-race-of-20-ms", "create.external-id-race",
      "20 ms lie between the check of an external_id and the create.",
      racing("create", 20))
# fmt: on


@mutant("external-id-not-unique", "create.external-id-taken")
class ExternalIdNotUnique(Loose):
    """Several organizations may have one external_id."""

    loose = ("external_id",)


@mutant("external-id-not-unique-on-create", "create.external-id-taken")
class ExternalIdNotUniqueOnCreate(Loose):
    """A create may take an external_id that is taken."""

    loose = ("external_id",)
    on = ("INSERT",)


@mutant("taken-external-id-answers-the-owner", "create.external-id-taken")
class TakenExternalIdAnswersTheOwner(Api):
    """A create with an external_id that is taken answers with the organization that has it."""

    def create(self, call: Call) -> Response:
        body = self.rules.create(call.content)
        owner = self.store.by_external_id(body.get("external_id") or "")
        return self.responses.created(owner) if owner else super().create(call)


@mutant("taken-external-id-taken-away", "create.external-id-taken")
class TakenExternalIdTakenAway(Store):
    """A create takes an external_id away from the organization that has it."""

    def insert(self, organization: Organization) -> None:
        statement = "UPDATE organization SET external_id = NULL WHERE external_id = ?"
        self._connection.execute(statement, (organization.external_id,))
        super().insert(organization)


@mutant("taken-external-id-without-code", "create.external-id-taken")
class TakenExternalIdWithoutCode(Refusing):
    """The refusal of an external_id that is taken has a code that says nothing."""

    def instead(self, refusal: Refusal) -> Object:
        return {"code": "bad_request"} if isinstance(refusal, Taken) else {}
