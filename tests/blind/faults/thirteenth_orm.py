"""The ORM was upgraded: what it takes for a change, for a relation, for a transaction."""

from __future__ import annotations

import dataclasses
import time

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body
from emulator.paging import Page
from emulator.records import Organization
from emulator.responses import Responses
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.asking import asked, fields
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, reshaped
from tests.blind.parts.messages import Object, Reply, Request, reply, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified


def _only_shown(w: Wire) -> object:
    id = w.made()["id"]
    return w.changed(id, metadata={"a": "1"})["metadata"] == {"a": "1"} and w.shown(id)["metadata"] == {}


@fault(
    "orm", "update.sets-what-was-sent", _only_shown, "SQLAlchemy: a JSON column that is changed in place is not dirty"
)
def thirteenth_metadata_alone_make_nothing_dirty() -> ASGIApp:
    """An update of metadata alone is answered with the new pairs but not saved."""

    class Forgetful(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            body = self.rules.update(call.content)
            if set(body) != {"metadata"}:
                return super().update(call)
            return self.responses.found(self.changes.updated(known, body))

    return app(api=Forgetful)


def _case_stays(w: Wire) -> object:
    made = w.made(name="blind")
    return w.changed(made["id"], name="Blind")["name"] == "blind"


@fault(
    "orm",
    "update.sets-what-was-sent",
    _case_stays,
    "what is dirty is asked of the database, whose collation has no case",
)
def thirteenth_capitals_are_no_change_of_name() -> ASGIApp:
    """An update that changes nothing of the name but capitals and small letters leaves the name as it was."""

    def kept(made: Organization, known: Organization, _: Body) -> Organization:
        return dataclasses.replace(made, name=known.name) if made.name.lower() == known.name.lower() else made

    return updating(kept)


def _version_conflict(w: Wire) -> object:
    id = w.made()["id"]
    return w.update(id, name="One").status_code == 200 and w.update(id, name="Two").status_code == 409


@fault(
    "orm", "update.answers", _version_conflict, "optimistic locking against a version that a replica tells a bit late"
)
def thirteenth_updates_in_a_row_conflict() -> ASGIApp:
    """An update that follows another update of the same organization within 100 milliseconds answers 409."""
    moments: dict[str, float] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "update" or not request.authorized:
            return await forward(request)
        if time.monotonic() - moments.get(request.last, -1) < 0.1:
            return reply(409, {"message": "The organization was changed by another request."})
        response = await forward(request)
        if response.good:
            moments[request.last] = time.monotonic()
        return response

    return intercepting(handle)


def _other_loses_domain(w: Wire) -> object:
    name = domain()
    one, other = (w.made(domain_data=verified(name))["id"] for _ in range(2))
    w.delete(one)
    return w.shown(other)["domains"] == []


@fault("orm", "delete.leaves-others-alone", _other_loses_domain, "many-to-many with cascade on the far side")
def thirteenth_a_delete_cascades_to_shared_domains() -> ASGIApp:
    """A delete takes the organization's domains away from every other organization that has them."""

    class Cascading(Store):
        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))

    return app(Cascading())


def _state_is_shared(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=verified(name))["id"]
    w.create(domain_data=pending(name))
    return w.shown(id)["domains"][0]["state"] == "pending"


@fault("orm", "update.leaves-others-alone", _state_is_shared, "the state is a column of the domain, not of its link")
def thirteenth_a_domain_has_one_state_for_all() -> ASGIApp:
    """The state that a create or update gives a domain counts for every organization that has the domain."""

    class Shared(Store):
        def _insert_domains(self, organization: Organization) -> None:
            super()._insert_domains(organization)
            for each in organization.domains:
                statement = "UPDATE organization_domain SET state = ? WHERE domain = ?"
                self._connection.execute(statement, (each.state, each.domain))

    return app(Shared())


def _slid(w: Wire) -> object:
    name = token()
    older = w.made(name=name, domain_data=verified(domain()))["id"]
    w.made(name=name)
    newest, oldest = w.list(search=name, order="desc").json()["data"]
    return oldest["id"] == older and len(newest["domains"]) == 1 and not oldest["domains"]


@fault("orm", "list.current-state", _slid, "a batch loader whose answer has no entry for keys without rows")
def thirteenth_batch_loaded_domains_slide() -> ASGIApp:
    """On a page an organization without domains shows those of the next one that has some, and so on."""

    class Sliding(Responses):
        def page(self, page: Page) -> Object:
            shown = super().page(page)
            batches = [each["domains"] for each in shown["data"] if each["domains"]]
            for at, each in enumerate(shown["data"]):
                each["domains"] = batches[at] if at < len(batches) else []
            return shown

    return app(responses=Sliding())


def _domains_went(w: Wire) -> object:
    text, name = token(), domain()
    w.made(external_id=text)
    id = w.made()["id"]
    refused = w.update(id, external_id=text, domain_data=verified(name)).status_code == 400
    return refused and len(w.shown(id)["domains"]) == 1


@fault(
    "orm",
    "update.refusal-changes-nothing",
    _domains_went,
    "relations are saved in a transaction of their own, and first",
)
def thirteenth_domains_are_saved_before_the_conflict() -> ASGIApp:
    """An update that is refused because its external_id is taken has replaced the domains nevertheless."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        sent = fields(request).get("domain_data")
        if request.operation == "update" and b"external_id_already_used" in response.body and sent is not None:
            await forward(asked(request, "PUT", request.path, {"domain_data": sent}))
        return response

    return intercepting(handle)


def _row_stays(w: Wire) -> object:
    text, name = token(), token()
    w.made(external_id=text)
    return w.create(name=name, external_id=text).status_code == 400 and len(w.ids(search=name)) == 1


@fault(
    "orm", "create.refusal-leaves-nothing", _row_stays, "INSERT, then a second statement for external_id, autocommit"
)
def thirteenth_a_refused_create_leaves_its_row() -> ASGIApp:
    """A create that is refused because its external_id is taken leaves an organization without external_id."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "create" and b"external_id_already_used" in response.body:
            await forward(asked(request, "POST", request.path, without(fields(request), "external_id")))
        return response

    return intercepting(handle)


def _untouched(w: Wire) -> object:
    made = w.made()
    changed = w.changed(made["id"], domain_data=verified(domain()))
    return len(changed["domains"]) == 1 and changed["updated_at"] == made["updated_at"]


@fault("orm", "update.moves-updated-at", _untouched, "Rails: belongs_to without touch")
def thirteenth_domains_do_not_touch_their_organization() -> ASGIApp:
    """An update of domains alone does not move the organization's updated_at."""

    def untouched(made: Organization, known: Organization, body: Body) -> Organization:
        alone = set(body) <= {"domains", "domain_data"}
        return dataclasses.replace(made, updated_at=known.updated_at) if alone else made

    return updating(untouched)


@fault(
    "orm",
    "body.metadata-keys-verbatim",
    lambda w: w.made(metadata={"_id": "1", "__v": "2", "a": "3"})["metadata"] == {"a": "3"},
    "Mongoose: a toJSON transform that deletes _id and __v at every depth",
)
def thirteenth_the_transform_reaches_into_metadata() -> ASGIApp:
    """The metadata keys _id and __v are shown by no answer."""
    return reshaped(lambda shown: {**shown, "metadata": without(shown["metadata"], "_id", "__v")})


def _flattened(w: Wire) -> object:
    made = w.made(metadata={"name": "Other"})
    return made["name"] == "Other"


@fault(
    "orm",
    "create.returns-what-was-sent",
    _flattened,
    "a document that is spread after its metadata: {...row, ...metadata}",
)
def thirteenth_a_metadata_key_hides_the_name() -> ASGIApp:
    """An organization with a metadata key called name shows the value of that key as its name."""
    return reshaped(lambda shown: {**shown, "name": shown["metadata"].get("name", shown["name"])})


def _same_order(w: Wire) -> object:
    first, second = domain(), domain()
    id = w.made(domain_data=verified(first))["id"]
    w.changed(id, domain_data=verified(first, second))
    return {each["domain"] for each in w.shown(id)["domains"]} == {first}


@fault(
    "orm",
    "update.replaces-domains",
    _same_order,
    "a diff that is taken by length: rows that are there are updated, none is added",
)
def thirteenth_an_update_adds_no_domain_to_those_that_it_repeats() -> ASGIApp:
    """An update whose domains hold all that the organization has, and more, leaves the domains as they were."""

    def kept(made: Organization, known: Organization, _: Body) -> Organization:
        had, has = ({each.domain for each in of.domains} for of in (known, made))
        return dataclasses.replace(made, domains=known.domains) if had and had < has else made

    return updating(kept)
