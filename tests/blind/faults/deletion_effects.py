"""What a deletion leaves taken, or takes along."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, domain, pending, token, verified


@fault(
    "deletion",
    "delete.frees-external-id",
    lambda w: w.create(external_id=deleted(w, external_id=token())["external_id"]).status_code != 201,
    "github.com/twentyhq/twenty/issues/26216",
)
def deleted_keeps_external_id() -> ASGIApp:
    """The external_id of a deleted organization stays taken."""
    used: set[str] = set()

    class Soft(Store):
        def _write(self, statement: str, organization: Organization) -> None:
            if organization.external_id in used:
                raise Taken("external_id")
            super()._write(statement, organization)

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            if organization.external_id is not None:
                used.add(organization.external_id)

    return app(Soft())


def _stripe_again(w: Wire) -> object:
    first, second = w.many(2)
    w.update(first, stripe_customer_id="cus_R9qWAGMQ6nGE7V")
    w.delete(first)
    return w.update(second, stripe_customer_id="cus_R9qWAGMQ6nGE7V").status_code != 200


@fault(
    "deletion",
    "none: the stripe_customer_id of a deleted organization can be used again (O permanently deletes)",
    _stripe_again,
    "github.com/Devlaner/devlane/issues/376",
)
def deleted_keeps_stripe_customer() -> ASGIApp:
    """The stripe_customer_id of a deleted organization stays taken."""
    used: set[str] = set()

    class Soft(Store):
        def _write(self, statement: str, organization: Organization) -> None:
            if organization.stripe_customer_id in used:
                raise Taken("stripe_customer_id")
            super()._write(statement, organization)

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            if organization.stripe_customer_id is not None:
                used.add(organization.stripe_customer_id)

    return app(Soft())


def _domain_again(w: Wire) -> object:
    name = domain()
    deleted(w, domain_data=pending(name))
    return w.create(domain_data=pending(name)).status_code != 201


@fault(
    "deletion",
    "none: FACTS, Questions decided: a domain of a deleted organization may be used again",
    _domain_again,
    "github.com/twentyhq/twenty/issues/26216",
)
def deleted_keeps_domain() -> ASGIApp:
    """A domain of a deleted organization can be attached to no other one: 409."""
    used: set[str] = set()

    class Taking(Api):
        def create(self, call: Call) -> Response:
            body = self.rules.create(call.content)
            if any(each.domain in used for each in self.changes.domains(body, 0)):
                return self.responses.failed(409, "An Organization with this domain already exists.")
            return super().create(call)

        def delete(self, call: Call) -> Response:
            used.update(each.domain for each in self.known(call.path["id"]).domains)
            return super().delete(call)

    return app(api=Taking)


def _namesake(w: Wire) -> object:
    first, second = w.many(2, name="Namesake")
    w.delete(first)
    return w.get(second).status_code == 404


@fault("deletion", "delete.leaves-others-alone", _namesake, "DELETE ... WHERE name =")
def delete_takes_namesakes_along() -> ASGIApp:
    """A delete removes every organization of the same name."""

    class Wide(Store):
        def delete(self, organization: Organization) -> None:
            self._connection.execute("DELETE FROM organization WHERE name = ?", (organization.name,))

    return app(Wide())


def _shared(w: Wire) -> object:
    name = domain()
    first, second = w.many(2, domain_data=verified(name))
    w.delete(first)
    return w.shown(second)["domains"] == []


@fault("deletion", "delete.leaves-others-alone", _shared, "domain rows deleted by their name")
def delete_takes_domain_from_others() -> ASGIApp:
    """A delete removes the organization's domains from other organizations that have them, too."""

    class Wide(Store):
        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))

    return app(Wide())
