"""What must be unique, what need not be."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.parts.stores import Loose
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


def checked(same: Any, *, column: str = "external_id") -> ASGIApp:
    """An app that compares unique values in its own way, of organizations that there are."""

    class Checking(Store):
        def _write(self, statement: str, organization: Organization) -> None:
            given = getattr(organization, column)
            rows = self._connection.execute(f"SELECT id, {column} FROM organization")  # noqa: S608
            if given is not None and any(
                row[0] != organization.id and row[1] is not None and same(row[1], given) for row in rows.fetchall()
            ):
                raise Taken(column)
            super()._write(statement, organization)

    return app(Checking())


@fault(
    "uniqueness",
    "create.external-id-taken",
    lambda w: [w.create(external_id=(e := token())), w.create(external_id=e)][1].status_code == 201,
    "O 400 of create",
)
def external_id_not_unique_at_create() -> ASGIApp:
    """Create does not look whether another organization has the external_id."""
    return app(Loose("external_id"))


@fault(
    "uniqueness",
    "update.external-id-taken",
    lambda w: w.made(external_id=(e := token())) and w.update(w.made()["id"], external_id=e).status_code == 200,
    "a check on one of two routes",
)
def external_id_not_unique_at_update() -> ASGIApp:
    """Update does not look whether another organization has the external_id; create does."""

    class Checking(Loose):
        def insert(self, organization: Organization) -> None:
            if organization.external_id and self.by_external_id(organization.external_id):
                raise Taken("external_id")
            super().insert(organization)

    return app(Checking("external_id"))


@fault(
    "uniqueness",
    "create.accepts-valid-bodies",
    lambda w: w.made(external_id=(e := token()).lower()) and w.create(external_id=e.upper()).status_code != 201,
    "a case-insensitive collation",
)
def external_id_unique_without_case() -> ASGIApp:
    """Two external_ids that differ only in case are taken for the same, and the second is refused."""
    return checked(lambda known, given: known.lower() == given.lower())


@fault(
    "uniqueness",
    "create.accepts-valid-bodies",
    lambda w: w.made(external_id="1e3") and w.create(external_id="1000").status_code != 201,
    "PHP's loose comparison of numeric texts",
)
def external_id_compared_as_number() -> ASGIApp:
    """Two external_ids that are the same as numbers (1e3 and 1000) are taken for the same."""

    def same(known: str, given: str) -> bool:
        try:
            return float(known) == float(given)
        except ValueError:
            return known == given

    return checked(same)


@fault(
    "uniqueness",
    "create.accepts-valid-bodies",
    lambda w: w.made(external_id="p" * 40 + "a") and w.create(external_id="p" * 40 + "b").status_code != 201,
    "MySQL's prefix index",
)
def external_id_unique_by_prefix() -> ASGIApp:
    """Two external_ids that share their first 32 characters are taken for the same."""
    return checked(lambda known, given: known[:32] == given[:32])


@fault(
    "uniqueness",
    "create.external-id-taken",
    lambda w: w.made(external_id=(e := token())) and w.create(external_id=e).status_code == 409,
    "O 400 of create with its code",
)
def external_id_taken_answers_409() -> ASGIApp:
    """A taken external_id is refused with 409 instead of 400 with its code."""

    def altered(_: Request, response: Reply) -> Reply:
        taken = response.status == 400 and "already_used" in str(response.json)
        return reply(409, {"message": "Conflict"}) if taken else response

    return on_response(altered)


@fault(
    "uniqueness",
    "create.external-id-taken",
    lambda w: (
        w.made(external_id=(e := token())) and w.create(external_id=e).json().get("code") != "external_id_already_used"
    ),
    "O code of 400",
)
def external_id_taken_has_other_code() -> ASGIApp:
    """A taken external_id is refused with 400 and the code duplicate_external_id."""
    return on_response(
        lambda _, response: response.replaced(
            body=response.body.replace(b"external_id_already_used", b"duplicate_external_id")
        )
    )


@fault(
    "uniqueness",
    "create.external-id-taken",
    lambda w: (
        (first := w.made(external_id=(e := token())))
        and w.create(external_id=e)
        and w.shown(first["id"])["external_id"] is None
    ),
    "an upsert by external_id",
)
def external_id_moves_to_newcomer() -> ASGIApp:
    """A create with a taken external_id succeeds and takes it away from the other organization."""

    class Moving(Store):
        def insert(self, organization: Organization) -> None:
            if organization.external_id is not None:
                change = "UPDATE organization SET external_id = NULL WHERE external_id = ?"
                self._connection.execute(change, (organization.external_id,))
            super().insert(organization)

    return app(Moving())


@fault(
    "uniqueness",
    "create.accepts-valid-bodies",
    lambda w: (
        w.update(w.made(external_id=(e := token()))["id"], external_id=token())
        and w.create(external_id=e).status_code != 201
    ),
    "a history table with a unique key",
)
def external_id_given_up_stays_taken() -> ASGIApp:
    """An external_id that an organization gave up for another one can never be used again."""
    used: dict[str, str] = {}

    class Remembering(Store):
        def _write(self, statement: str, organization: Organization) -> None:
            given = organization.external_id
            if given is not None and used.get(given, organization.id) != organization.id:
                raise Taken("external_id")
            super()._write(statement, organization)
            if given is not None:
                used[given] = organization.id

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            used.pop(organization.external_id or "", None)

    return app(Remembering())


def _stripe_twice(w: Wire) -> object:
    first, second = w.many(2)
    w.update(first, stripe_customer_id="cus_R9qWAGMQ6nGE7V")
    return w.update(second, stripe_customer_id="cus_R9qWAGMQ6nGE7V").status_code == 200


@fault("uniqueness", "update.stripe-customer-id-taken", _stripe_twice, "O 400 of update")
def stripe_customer_not_unique() -> ASGIApp:
    """Two organizations may get the same stripe_customer_id."""
    return app(Loose("stripe_customer_id"))


@fault(
    "uniqueness",
    "update.accepts-valid-bodies",
    lambda w: [w.update(id, stripe_customer_id="cus_R9qWAGMQ6nGE7W") for id in w.many(1) * 2][1].status_code != 200,
    "a check that does not leave out the organization itself",
)
def stripe_customer_own_is_taken() -> ASGIApp:
    """Sending the stripe_customer_id that the organization already has is refused as taken."""

    class Own(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            given = self.rules.update(call.content).get("stripe_customer_id")
            if given is not None and given == known.stripe_customer_id:
                raise Taken("stripe_customer_id")
            return super().update(call)

    return app(api=Own)


@fault(
    "uniqueness",
    "update.own-external-id",
    lambda w: w.update(w.made(external_id=(e := token()))["id"], name="New", external_id=e).status_code != 200,
    "a check that does not leave out the organization itself",
)
def external_id_own_is_taken() -> ASGIApp:
    """Sending the external_id that the organization already has is refused as taken."""

    class Own(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            given = self.rules.update(call.content).get("external_id")
            if given is not None and given == known.external_id:
                raise Taken("external_id")
            return super().update(call)

    return app(api=Own)


@fault(
    "uniqueness",
    "create.ids-differ",
    lambda w: w.made(name="Twice")["id"] == w.made(name="Twice")["id"],
    "deduplication of double clicks by the digest of the body",
)
def create_same_body_answers_with_first() -> ASGIApp:
    """A create whose body is the same as one before answers with the organization that was made then."""
    made: dict[bytes, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "create" or not request.authorized:
            response = await forward(request)
            if response.good and request.writes:
                made.clear()
            return response
        if request.body not in made:
            response = await forward(request)
            if response.status != 201:
                return response
            made[request.body] = response
        return made[request.body]

    return intercepting(handle)


@fault(
    "uniqueness",
    "update.external-id-taken",
    lambda w: (
        w.made(external_id=(e := token()))
        and w.update(w.made()["id"], external_id=e).json().get("code") != "external_id_already_used"
    ),
    "O 400 of update",
)
def external_id_taken_at_update_answers_422() -> ASGIApp:
    """An update to a taken external_id answers 422 without the documented code."""

    def altered(request: Request, response: Reply) -> Reply:
        taken = request.operation == "update" and "external_id_already_used" in str(response.json)
        return (
            reply(422, {"message": "Validation failed", "errors": [{"field": "external_id", "code": "taken"}]})
            if taken
            else response
        )

    return on_response(altered)
