"""Updates that do not keep stripe_customer_id, or keep it from being unique."""

from __future__ import annotations

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.refusals import Refusal, Taken
from tests.mutants.parts.objects import Object, Refusing, mixed_up, organizations, stale, without
from tests.mutants.parts.stores import Loose, sticking
from tests.mutants.parts.updates import ignoring
from tests.mutants.planting import mutant, plant

# fmt: off
plant("stripe-customer-id-sticks", "update.stripe-customer-id",
      "stripe_customer_id cannot be changed once it is there.",
      sticking("stripe_customer_id"))
plant("stripe-customer-id-stale", "update.stripe-customer-id", "stripe_customer_id is always shown as at first.",
      organizations(stale("stripe_customer_id")))
plant("stripe-customer-id-mixed-up", "update.stripe-customer-id",
      "stripe_customer_id is that of the organization that was shown before.",
      organizations(mixed_up("stripe_customer_id")))
plant("update-ignores-stripe-customer-id", "update.stripe-customer-id", "An update does not change stripe_customer_id.",
      ignoring("stripe_customer_id"))

plant("stripe-customer-id-in-the-put-only", "update.stripe-customer-id-shown",
      "stripe_customer_id is shown by the update that sets it and by nothing else.",
      organizations(without("stripe_customer_id"), ("get", "lookup", "list")))
plant("stripe-customer-id-not-in-get", "update.stripe-customer-id-shown", "get does not show stripe_customer_id.",
      organizations(without("stripe_customer_id"), ("get",)))
plant("stripe-customer-id-not-in-lookup", "update.stripe-customer-id-shown", "lookup does not show stripe_customer_id.",
      organizations(without("stripe_customer_id"), ("lookup",)))
plant("stripe-customer-id-not-in-list", "update.stripe-customer-id-shown", "list does not show stripe_customer_id.",
      organizations(without("stripe_customer_id"), ("list",)))
# fmt: on


@mutant("update-to-taken-stripe-customer-id-half-applied", "update.stripe-customer-id-taken")
class UpdateToTakenStripeCustomerIdHalfApplied(Api):
    """An update to a stripe_customer_id that is taken has changed the name."""

    def update(self, call: Call) -> Response:
        try:
            return super().update(call)
        except Taken as taken:
            body = {name: value for name, value in self.rules.update(call.content).items() if name == "name"}
            self.store.update(self.changes.updated(self.known(call.path["id"]), body))
            return self.responses.refused(taken)


@mutant("stripe-customer-not-unique", "update.stripe-customer-id-taken")
class StripeCustomerNotUnique(Loose):
    """Several organizations may have one stripe_customer_id."""

    loose = ("stripe_customer_id",)


@mutant("taken-stripe-customer-id-with-other-code", "update.stripe-customer-id-taken")
class TakenStripeCustomerIdWithOtherCode(Refusing):
    """A stripe_customer_id that is taken is refused as an external_id."""

    def instead(self, refusal: Refusal) -> Object:
        return {"code": "external_id_already_used"} if isinstance(refusal, Taken) else {}
