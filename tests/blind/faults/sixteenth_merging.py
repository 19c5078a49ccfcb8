"""Metadata, domains and Stripe customers of updates."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import lenient, on_response, reshaped
from tests.blind.parts.messages import Reply, Request, without
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, token, verified


def customer() -> str:
    """A stripe_customer_id that nobody used before."""
    return f"cus_{token()[:14]}"


def _replaced(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return w.changed(id, metadata={"c": "d"})["metadata"] == {"c": "d"}


@fault("metadata", "update.metadata-merges", _replaced, "SQL: metadata = :metadata")
def sixteenth_metadata_replaced() -> ASGIApp:
    """The metadata of an update replace those that the organization had."""

    class Replacing(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            return super().merged({}, given)

    return app(changes=Replacing())


def _nothing_removed(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return w.changed(id, metadata={})["metadata"] == {"a": "b"}


@fault("metadata", "update.metadata-empty", _nothing_removed, "{...known.metadata, ...body.metadata}")
def sixteenth_empty_metadata_merge() -> ASGIApp:
    """Empty metadata in an update change nothing."""
    return lenient(lambda body: without(body, "metadata") if body.get("metadata") == {} else body, "update")


def _null_is_empty(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return w.changed(id, metadata={"a": None})["metadata"] == {"a": ""}


@fault("metadata", "update.metadata-null-key", _null_is_empty, "Go: map[string]string", level=SHOULD)
def sixteenth_null_value_is_empty() -> ASGIApp:
    """A metadata value of null in an update is taken for the empty text."""

    class Empty(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            return {**known, **{key: v or "" for key, v in given.items()}}

    return app(changes=Empty())


def _both_there(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    return len(w.changed(id, domain_data=verified(domain()))["domains"]) == 2


def _with_old(made: Organization, known: Organization) -> Organization:
    names = {each.domain for each in made.domains}
    old = tuple(each for each in known.domains if each.domain not in names)
    return dataclasses.replace(made, domains=(*old, *made.domains))


@fault("domains", "update.replaces-domains", _both_there, "each domain of the body is upserted")
def sixteenth_domain_data_is_added() -> ASGIApp:
    """The domain_data of an update are added to the domains that the organization had, unless they are empty."""
    return updating(lambda made, known, body: _with_old(made, known) if body.get("domain_data") else made)


def _plain_ignored(w: Wire) -> object:
    old = domain()
    id = w.made(domain_data=verified(old))["id"]
    return [each["domain"] for each in w.changed(id, domains=[domain()])["domains"]] == [old]


@fault("domains", "update.deprecated-domains", _plain_ignored, "the deprecated field is read in the create alone")
def sixteenth_update_ignores_plain_domains() -> ASGIApp:
    """An update ignores the deprecated domains."""
    return lenient(lambda body: without(body, "domains"), "update")


def _still_there(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    return len(w.changed(id, domain_data=[])["domains"]) == 1


@fault("domains", "update.no-domains", _still_there, "if body.domain_data:", level=SHOULD)
def sixteenth_no_domains_is_no_change() -> ASGIApp:
    """An empty domain_data in an update changes nothing."""
    return lenient(lambda body: without(body, "domain_data") if body.get("domain_data") == [] else body, "update")


def _stale_state(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=[{"domain": name, "state": "pending"}])["id"]
    return w.changed(id, domain_data=verified(name))["domains"][0]["state"] == "pending"


@fault("domains", "update.sets-what-was-sent", _stale_state, "domains are compared by name, and the same ones skipped")
def sixteenth_state_of_known_domain_stays() -> ASGIApp:
    """A domain that the organization has already keeps its state when an update gives another one."""

    def changed(made: Organization, known: Organization, _: Body) -> Organization:
        old: dict[str, Domain] = {each.domain: each for each in known.domains}
        return dataclasses.replace(made, domains=tuple(old.get(each.domain, each) for each in made.domains))

    return updating(changed)


@fault(
    "stripe",
    "update.stripe-customer-id",
    lambda w: "stripe_customer_id" not in w.changed(w.made()["id"], stripe_customer_id=customer()),
    "Rails: params.permit without it",
)
def sixteenth_stripe_customer_is_not_permitted() -> ASGIApp:
    """An update ignores the stripe_customer_id."""
    return updating(
        lambda made, known, _: dataclasses.replace(made, stripe_customer_id=known.stripe_customer_id),
    )


def _not_listed(w: Wire) -> object:
    id = w.made()["id"]
    w.changed(id, stripe_customer_id=customer())
    return "stripe_customer_id" not in w.listed(id)


@fault("stripe", "update.stripe-customer-id-shown", _not_listed, "lists select the columns of a summary")
def sixteenth_lists_leave_stripe_out() -> ASGIApp:
    """A list leaves the stripe_customer_id out."""
    return reshaped(lambda o: without(o, "stripe_customer_id"), "list")


def _wrong_code(w: Wire) -> object:
    taken = customer()
    w.changed(w.made()["id"], stripe_customer_id=taken)
    return w.update(w.made()["id"], stripe_customer_id=taken).json()["code"] == "external_id_already_used"


@fault("stripe", "update.stripe-customer-id-taken", _wrong_code, "except IntegrityError: raise ExternalIdTaken")
def sixteenth_every_conflict_is_of_external_id() -> ASGIApp:
    """A stripe_customer_id that is taken answers with the code external_id_already_used."""

    def renamed(_: Request, response: Reply) -> Reply:
        taken = response.status == 400 and response.json.get("code") == "stripe_customer_id_already_used"
        return response.with_json({**response.json, "code": "external_id_already_used"}) if taken else response

    return on_response(renamed)


def _upserted(w: Wire) -> object:
    id = "org_01J00000000000000000000000"
    return w.update(id, name="New").status_code == 200 and w.shown(id)["name"] == "New"


@fault("update", "update.unknown", _upserted, "MongoDB: { upsert: true }")
def sixteenth_update_makes_what_is_missing() -> ASGIApp:
    """An update with a name makes an organization under an id that none has."""
    under: list[str] = []

    class Under(Changes):
        def organization_id(self, moment: int) -> str:
            return under.pop() if under else super().organization_id(moment)

    class Upserting(Api):
        def update(self, call: Call) -> Response:
            if self.store.by_id(call.path["id"]) is None and "name" in self.rules.update(call.content):
                body = self.rules.update(call.content)
                under[:] = [call.path["id"]]
                self.store.insert(self.changes.created(body))
            return super().update(call)

    return app(api=Upserting, changes=Under())
