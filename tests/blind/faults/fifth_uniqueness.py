"""Values that are more or less unique than they should be, and conflicts that are answered otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Reply, Request
from tests.blind.parts.stores import Loose
from tests.blind.registry import fault
from tests.blind.wire import Wire, token

KIND = "fifth: uniqueness"


def customer() -> str:
    """The id of a customer of Stripe that nobody used before."""
    return f"cus_{token()[3:]}"


def spelt(same: Callable[[str], Any]) -> ASGIApp:
    """An app in which a create takes some external_ids for the same one."""

    class Comparing(Store):
        known: dict[str, Any]

        def insert(self, organization: Organization) -> None:
            given = organization.external_id
            if given and any(same(each) == same(given) and self.by_external_id(each) for each in self.known):
                raise Taken("external_id")
            super().insert(organization)
            self.known[given or ""] = organization

    store = Comparing()
    store.known = {}
    return app(store)


def space_ignored(w: Wire) -> bool:
    taken = token()
    w.made(external_id=taken)
    return w.create(external_id=f"{taken} ").status_code == 400


@fault(KIND, "create.similar-external-ids", space_ignored, "PAD SPACE of MySQL")
def fifth_external_ids_with_trailing_space_conflict() -> ASGIApp:
    """A create takes external_ids that differ in space at the end for the same one."""
    return spelt(str.rstrip)


def long_beginning(w: Wire) -> bool:
    taken = token() + "a" * 24
    w.made(external_id=f"{taken}1")
    return w.create(external_id=f"{taken}2").status_code == 400


@fault(KIND, "create.similar-external-ids", long_beginning, "an index over a prefix")
def fifth_external_ids_with_a_long_common_beginning_conflict() -> ASGIApp:
    """A create takes external_ids with the same first 32 characters for the same one."""
    return spelt(lambda text: text[:32])


def conflict(w: Wire) -> Any:
    taken = token()
    w.made(external_id=taken)
    return w.update(w.made()["id"], external_id=taken)


@fault(KIND, "update.external-id-taken", lambda w: conflict(w).status_code == 409, "409 as REST is taught")
def fifth_conflict_of_an_update_answers_409() -> ASGIApp:
    """An update to an external_id that is taken answers 409."""
    return on_response(
        lambda request, response: (
            response.replaced(status=409) if request.operation == "update" and response.status == 400 else response
        )
    )


@fault(
    KIND,
    "update.external-id-taken",
    lambda w: conflict(w).json().get("code") == "external_id_taken",
    "a constant that was typed twice",
)
def fifth_conflict_of_an_update_has_a_code_of_its_own() -> ASGIApp:
    """An update to an external_id that is taken answers with the code external_id_taken."""

    def change(request: Request, response: Reply) -> Reply:
        if request.operation != "update" or response.status != 400:
            return response
        return response.with_json({**response.json, "code": response.json["code"].replace("already_used", "taken")})

    return on_response(change)


def own_values(w: Wire) -> bool:
    own = token()
    return w.update(w.made(external_id=own)["id"], external_id=own, name="B").status_code == 400


@fault(KIND, "update.own-external-id", own_values, "a check that does not leave out the row itself")
def fifth_own_external_id_conflicts_beside_a_name() -> ASGIApp:
    """An update of the name with the organization's own external_id answers 400."""

    class Forgetful(Api):
        def update(self, call: Call) -> Response:
            known, body = self.known(call.path["id"]), self.rules.update(call.content)
            if "name" in body and body.get("external_id") and body["external_id"] == known.external_id:
                return self.responses.refused(Taken("external_id"))
            return super().update(call)

    return app(api=Forgetful)


def replaced_stays(w: Wire) -> bool:
    old = token()
    w.changed(w.made(external_id=old)["id"], external_id=token())
    return w.update(w.made()["id"], external_id=old).status_code == 400


@fault(KIND, "update.frees-external-id", replaced_stays, "a table of aliases that keeps old names")
def fifth_replaced_external_id_stays_taken_for_updates() -> ASGIApp:
    """An update to an external_id that another organization had before answers 400."""
    owners: dict[str, str] = {}

    class Aliases(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            if owners.get(organization.external_id or "", organization.id) != organization.id:
                raise Taken("external_id")
            super().update(organization)
            if known and known.external_id:
                owners[known.external_id] = known.id

    return app(Aliases())


def two_customers(w: Wire) -> bool:
    taken = customer()
    w.changed(w.made()["id"], stripe_customer_id=taken)
    return w.update(w.made()["id"], stripe_customer_id=taken, name="B").status_code == 200


@fault(KIND, "update.stripe-customer-id-taken", two_customers, "a check in one of two handlers")
def fifth_customer_is_not_unique_beside_a_name() -> ASGIApp:
    """An update of the name with the stripe_customer_id of another organization succeeds."""

    class Checking(Api):
        def update(self, call: Call) -> Response:
            body = self.rules.update(call.content)
            taken = body.get("stripe_customer_id")
            others = self.store.newer((-1, ""), 1000, "", None) if taken and "name" not in body else []
            if any(each.stripe_customer_id == taken and each.id != call.path["id"] for each in others):
                return self.responses.refused(Taken("stripe_customer_id"))
            return super().update(call)

    return app(Loose("stripe_customer_id"), api=Checking)


def taken_over(w: Wire) -> bool:
    taken = customer()
    first = w.made()["id"]
    w.changed(first, stripe_customer_id=taken)
    second = w.update(w.made()["id"], stripe_customer_id=taken)
    return second.status_code == 200 and "stripe_customer_id" not in w.shown(first)


@fault(KIND, "update.stripe-customer-id-taken", taken_over, "a link that is moved")
def fifth_customer_is_taken_over() -> ASGIApp:
    """An update to the stripe_customer_id of another organization takes it from there."""

    class Moving(Store):
        def update(self, organization: Organization) -> None:
            given = organization.stripe_customer_id
            for other in self.newer((-1, ""), 1000, "", None) if given else []:
                if other.stripe_customer_id == given and other.id != organization.id:
                    super().update(replace(other, stripe_customer_id=None))
            super().update(organization)

    return app(Moving())


def same_again(w: Wire) -> bool:
    body = {"name": token(), "external_id": token()}
    return bool(w.made(**body)["id"] == w.create(**body).json().get("id"))


@fault(KIND, "create.external-id-taken", same_again, "creates that may be repeated")
def fifth_same_create_answers_with_the_first() -> ASGIApp:
    """A create with the name and external_id of an organization answers 201 with it."""

    class Repeatable(Api):
        def create(self, call: Call) -> Response:
            body = self.rules.create(call.content)
            known = self.store.by_external_id(body.get("external_id") or "")
            return self.responses.created(known) if known and known.name == body["name"] else super().create(call)

    return app(api=Repeatable)


def same_name(w: Wire) -> bool:
    name = token()
    w.made(name=name)
    return w.update(w.made()["id"], name=name).status_code == 409


@fault(KIND, "update.accepts-valid-bodies", same_name, "a uniqueness rule of the dashboard")
def fifth_rename_to_a_taken_name_refused() -> ASGIApp:
    """An update to the name of another organization answers 409."""

    class Unique(Api):
        def update(self, call: Call) -> Response:
            name = self.rules.update(call.content).get("name", "")
            found = self.store.newer((-1, ""), 1000, name, None) if name else []
            if any(each.name == name and each.id != call.path["id"] for each in found):
                return self.responses.json(409, {"message": "The name is in use."})
            return super().update(call)

    return app(api=Unique)


def not_seen(w: Wire) -> bool:
    taken = token()
    w.changed(w.made()["id"], external_id=taken)
    return w.create(external_id=taken).status_code == 201


@fault(KIND, "create.external-id-taken", not_seen, "a set of known values that creates fill")
def fifth_create_does_not_see_external_ids_of_updates() -> ASGIApp:
    """A create with an external_id that another organization got by an update succeeds."""
    first: dict[str, str | None] = {}

    class Remembering(Loose):
        def insert(self, organization: Organization) -> None:
            holder = self.by_external_id(organization.external_id) if organization.external_id else None
            if holder and first[holder.id] == holder.external_id:
                raise Taken("external_id")
            first[organization.id] = organization.external_id
            super().insert(organization)

        def update(self, organization: Organization) -> None:
            holder = self.by_external_id(organization.external_id) if organization.external_id else None
            if holder and holder.id != organization.id and organization.external_id != first[organization.id]:
                raise Taken("external_id")
            super().update(organization)

    return app(Remembering("external_id"))
