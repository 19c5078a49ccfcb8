"""Updates, what they answer and what they touch."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call, Operation
from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.refusals import Refusal
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_response, reshaped
from tests.blind.parts.messages import Reply, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, verified

SETS = "update.sets-what-was-sent"


def _same_moment(w: Wire, **body: Any) -> object:
    made = w.made()
    time.sleep(0.01)
    w.update(made["id"], **body)
    return w.shown(made["id"])["updated_at"] == made["updated_at"]


def still(*fields: str) -> ASGIApp:
    """An app whose update does not move updated_at when it names only some fields."""

    class Still(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            changed = super().updated(known, body)
            return dataclasses.replace(changed, updated_at=known.updated_at) if set(body) <= set(fields) else changed

    return app(changes=Still())


@fault(
    "update",
    "update.moves-updated-at",
    lambda w: _same_moment(w, metadata={"a": "1"}),
    "github.com/sequelize/sequelize/issues/13006",
)
def update_of_metadata_keeps_updated_at() -> ASGIApp:
    """A change of metadata alone does not move updated_at."""
    return still("metadata")


@fault(
    "update",
    "update.moves-updated-at",
    lambda w: _same_moment(w, domain_data=verified(domain())),
    "rows of another table",
)
def update_of_domains_keeps_updated_at() -> ASGIApp:
    """A change of domains alone does not move updated_at."""
    return still("domains", "domain_data")


@fault(
    "update",
    "update.identity",
    lambda w: w.changed((made := w.made())["id"], name="New")["created_at"] != made["created_at"],
    "REPLACE INTO",
)
def update_moves_created_at() -> ASGIApp:
    """An update sets created_at anew."""

    class Replacing(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            changed = super().updated(known, body)
            return dataclasses.replace(changed, created_at=changed.updated_at)

    class Writing(Store):
        def update(self, organization: Organization) -> None:
            super().update(organization)
            self._connection.execute(
                "UPDATE organization SET created_at = ? WHERE id = ?", (organization.created_at, organization.id)
            )

    return app(Writing(), changes=Replacing())


@fault(
    "update", SETS, lambda w: w.changed(w.made()["id"], name="New")["name"] != "New", "the row read before the write"
)
def update_answers_with_old_state() -> ASGIApp:
    """An update is carried out but answers with the organization as it was before."""

    class Before(Api):
        def update(self, call: Call) -> Response:
            before = self.known(call.path["id"])
            super().update(call)
            return self.responses.found(before)

    return app(api=Before)


@fault(
    "update",
    SETS,
    lambda w: (
        w.update((id := w.made()["id"]), allow_profiles_outside_organization=True)
        and w.shown(id)["allow_profiles_outside_organization"] is not True
    ),
    "a response built from the request",
)
def update_echoes_what_it_does_not_store() -> ASGIApp:
    """An update answers with the new allow_profiles_outside_organization but does not store it."""

    class Partial(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            assert known
            super().update(dataclasses.replace(organization, allow_profiles=known.allow_profiles))

    return app(Partial())


def _namesake_touched(w: Wire) -> object:
    first, second = w.many(2, name="Namesake")
    w.update(first, metadata={"a": "1"})
    return w.shown(second)["metadata"] != {}


@fault("update", "update.leaves-others-alone", _namesake_touched, "UPDATE ... WHERE name =")
def update_touches_namesakes() -> ASGIApp:
    """An update of metadata also reaches other organizations of the same name."""

    class Wide(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            assert known
            super().update(organization)
            change = (
                "UPDATE organization SET metadata = (SELECT metadata FROM organization WHERE id = ?) WHERE name = ?"
            )
            self._connection.execute(change, (organization.id, known.name))

    return app(Wide())


def _half_done(w: Wire) -> object:
    w.made(external_id="taken")
    id = w.made(name="Old")["id"]
    w.update(id, name="New", external_id="taken")
    return w.shown(id)["name"] == "New"


@fault("update", "update.refusal-changes-nothing", _half_done, "statements without a transaction")
def update_refused_for_external_id_keeps_rest() -> ASGIApp:
    """An update that is refused for a taken external_id has changed the other fields already."""

    class Stepwise(Api):
        def carried_out(self, operation: Operation, call: Call) -> Response:
            with self.store.transaction():
                try:
                    return operation(call)
                except Refusal as refusal:
                    return self.responses.refused(refusal)

        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            body = self.rules.update(call.content)
            rest = without(body, "external_id")
            if rest and "external_id" in body:
                self.store.update(self.changes.updated(known, rest))
            return super().update(call)

    return app(api=Stepwise)


def _stripe_in_list(w: Wire) -> object:
    id = w.made()["id"]
    w.update(id, stripe_customer_id="cus_R9qWAGMQ6nGE7V")
    return "stripe_customer_id" not in w.list().json()["data"][0]


@fault("update", "list.current-state", _stripe_in_list, "a lighter serializer for lists")
def list_lacks_stripe_customer() -> ASGIApp:
    """Lists never show the stripe_customer_id, though get does."""
    return reshaped(lambda shown: without(shown, "stripe_customer_id"), "list")


@fault(
    "update", "update.answers", lambda w: w.update(w.made()["id"], name="New").status_code == 204, "PUT without content"
)
def update_answers_204() -> ASGIApp:
    """An update answers 204 without the organization."""
    return on_response(
        lambda request, response: (
            Reply(204, (("x-request-id", "planted"),), b"")
            if request.operation == "update" and response.good
            else response
        )
    )
