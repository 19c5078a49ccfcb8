"""What an update changes, and what it leaves alone."""

from __future__ import annotations

import dataclasses

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body
from emulator.records import Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.asking import fields
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, lenient, on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, unprocessable, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


def _reset(w: Wire) -> object:
    id = w.made(allow_profiles_outside_organization=True)["id"]
    return w.changed(id, metadata={"a": "b"})["allow_profiles_outside_organization"] is False


@fault("updates", "update.keeps-the-rest", _reset, "a default of false in the class that both bodies are read into")
def ninth_left_out_profiles_are_false() -> ASGIApp:
    """An update that leaves allow_profiles_outside_organization out sets it to false."""
    return lenient(lambda body: {"allow_profiles_outside_organization": False, **body} if body else body, "update")


def _stripe_lost(w: Wire) -> object:
    id = w.made()["id"]
    w.changed(id, stripe_customer_id=f"cus_{token()}")
    return "stripe_customer_id" not in w.changed(id, external_id=token())


@fault("updates", "update.keeps-the-rest", _stripe_lost, "a method for all identifiers that writes both")
def ninth_external_id_alone_clears_stripe() -> ASGIApp:
    """An update that gives an external_id and no stripe_customer_id clears the latter."""

    def made(new: Organization, _: Organization, body: Body) -> Organization:
        alone = body.get("external_id") and "stripe_customer_id" not in body
        return dataclasses.replace(new, stripe_customer_id=None) if alone else new

    return updating(made)


def _empty_body(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    w.changed(id)
    return w.shown(id)["metadata"] == {}


class EmptyToo(Api):
    """Carries out an update whose body is empty."""

    def update(self, call: Call) -> Response:
        """Removes the metadata where the body names none."""
        known = self.known(call.path["id"])
        if self.rules.update(call.content):
            return super().update(call)
        self.store.update(dataclasses.replace(known, metadata={}))
        return self.responses.found(self.known(known.id))


@fault("updates", "update.empty", _empty_body, "body.metadata ?? {} on the way to the merge, {} for removal")
def ninth_empty_update_removes_metadata() -> ASGIApp:
    """An update that names no field removes the metadata."""
    return app(api=EmptyToo)


def _rename_all(w: Wire) -> object:
    name = token()
    first, second = w.made(name=name)["id"], w.made(name=name)["id"]
    w.changed(first, name="Renamed")
    return w.shown(second)["name"] == "Renamed"


@fault(
    "updates", "update.leaves-others-alone", _rename_all, "WHERE name = $1, as names were unique in the first version"
)
def ninth_namesakes_are_renamed() -> ASGIApp:
    """An update that renames an organization renames all that had the same name."""

    class Renaming(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            super().update(organization)
            if known and known.name != organization.name:
                statement = "UPDATE organization SET name = ?, name_folded = ? WHERE name = ?"
                folded = organization.name.casefold()
                self._connection.execute(statement, (organization.name, folded, known.name))

    return app(Renaming())


def _second_stripe(w: Wire) -> object:
    id, first = w.made()["id"], f"cus_{token()}"
    w.changed(id, stripe_customer_id=first)
    return w.changed(id, stripe_customer_id=f"cus_{token()}")["stripe_customer_id"] == first


@fault("updates", "update.sets-what-was-sent", _second_stripe, "a column that the model declares attr_readonly")
def ninth_stripe_once() -> ASGIApp:
    """The first stripe_customer_id of an organization stays, whatever later updates say."""

    def made(new: Organization, known: Organization, _: Body) -> Organization:
        return dataclasses.replace(new, stripe_customer_id=known.stripe_customer_id or new.stripe_customer_id)

    return updating(made)


def _null_with_name(w: Wire) -> object:
    id, external = w.made(external_id=(taken := token()))["id"], taken
    return w.changed(id, name="Other", external_id=None)["external_id"] == external


@fault("updates", "update.clears-external-id", _null_with_name, "a branch for several fields that leaves nulls out")
def ninth_null_is_ignored_beside_others() -> ASGIApp:
    """An external_id of null clears nothing where the update names another field as well."""

    def mended(body: Object) -> Object:
        return without(body, "external_id") if body.get("external_id", "") is None and len(body) > 1 else body

    return lenient(mended, "update")


def _false_ignored(w: Wire) -> object:
    id = w.made(allow_profiles_outside_organization=True)["id"]
    changed = w.changed(id, allow_profiles_outside_organization=False)
    return changed["allow_profiles_outside_organization"] is True


@fault("updates", "update.sets-what-was-sent", _false_ignored, "Updates(struct) of GORM leaves zero values out")
def ninth_update_ignores_false() -> ASGIApp:
    """An update ignores an allow_profiles_outside_organization of false."""

    def mended(body: Object) -> Object:
        return {name: value for name, value in body.items() if value is not False}

    return lenient(mended, "update")


@fault(
    "updates",
    "update.answers",
    lambda w: w.update(w.made()["id"], name="Other").status_code == 204,
    "a generator's default for PUT",
)
def ninth_update_answers_204() -> ASGIApp:
    """An update answers 204 without a body."""

    def emptied(request: Request, response: Reply) -> Reply:
        return response.replaced(status=204, body=b"") if request.operation == "update" and response.good else response

    return on_response(emptied)


def _third(w: Wire) -> object:
    id = w.made()["id"]
    return [w.changed(id, name=name)["name"] for name in ("One", "Two", "Three")] == ["One", "Two", "Two"]


@fault("updates", "update.sets-what-was-sent", _third, "a version that is compared as text, or counted in two bits")
def ninth_third_update_does_nothing() -> ASGIApp:
    """The third update of an organization answers 200 and changes nothing."""
    counts: dict[str, int] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "update" or not request.authorized or not fields(request):
            return await forward(request)
        counts[request.last] = counts.get(request.last, 0) + 1
        if counts[request.last] == 3:
            return await forward(request.replaced(body=b"{}"))
        return await forward(request)

    return intercepting(handle)


@fault(
    "updates",
    "update.accepts-valid-bodies",
    lambda w: w.update(w.made()["id"], metadata={"a": "b"}).status_code == 422,
    "one class for the bodies of both operations",
)
def ninth_update_wants_a_name() -> ASGIApp:
    """An update without a name answers 422, unless it names no field at all."""
    return strict(lambda body: unprocessable("name") if body and "name" not in body else None, "update")
