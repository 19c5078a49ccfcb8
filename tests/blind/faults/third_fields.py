"""Fields of one update that get in each other's way, and fields that responses show differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.blind.parts.apps import app, reading, showing_domains
from tests.blind.parts.interception import lenient, on_response, reshaped
from tests.blind.parts.messages import Object, Reply, Request, without
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, token, verified

FIELDS = "fields together"
SHOWN = "fields shown"


def dropping(field: str, beside: str, value: object) -> ASGIApp:
    """An app whose updates ignore a field of some value beside another field."""
    return lenient(
        lambda body: without(body, field) if beside in body and body.get(field, ...) == value else body, "update"
    )


def _id_stays(w: Wire) -> bool:
    id = w.made(external_id=token())["id"]
    return w.changed(id, metadata={"a": "1"}, external_id=None)["external_id"] is not None


@fault(FIELDS, "none: null clears external_id", _id_stays, "COALESCE in the statement with metadata")
def metadata_keep_an_external_id_from_being_cleared() -> ASGIApp:
    """An update with metadata ignores `external_id: null`."""
    return dropping("external_id", "metadata", None)


def _domains_stay(w: Wire) -> bool:
    id = w.made(domain_data=verified(domain()))["id"]
    return len(w.changed(id, name="Other", domain_data=[])["domains"]) == 1


@fault(FIELDS, "none: an update replaces the domains", _domains_stay, level=SHOULD)
def a_name_keeps_the_domains_from_being_removed() -> ASGIApp:
    """An update with a name ignores `domain_data: []`."""
    return dropping("domain_data", "name", [])


def _flag_stays(w: Wire) -> bool:
    id = w.made(allow_profiles_outside_organization=True)["id"]
    changed = w.changed(id, external_id=token(), allow_profiles_outside_organization=False)
    return changed["allow_profiles_outside_organization"] is True


@fault(FIELDS, "none: an update changes what it gives", _flag_stays)
def an_external_id_keeps_the_flag_up() -> ASGIApp:
    """An update with an external_id ignores `allow_profiles_outside_organization: false`."""
    return dropping("allow_profiles_outside_organization", "external_id", False)


def _replaced(w: Wire) -> bool:
    id = w.made(metadata={"a": "1"})["id"]
    return bool(w.changed(id, domain_data=verified(domain()), metadata={"b": "2"})["metadata"] == {"b": "2"})


@fault(FIELDS, "none: metadata merge", _replaced, "two ways to save, one of which replaces")
def beside_domains_metadata_are_replaced() -> ASGIApp:
    """In an update with domains, metadata replace the known ones."""

    class Replacing(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            before = replace(known, metadata={}) if body.get("metadata") and "domain_data" in body else known
            return super().next_metadata(before, body)

    return app(changes=Replacing())


def _appended(w: Wire) -> bool:
    id = w.made(domain_data=verified(domain()))["id"]
    return len(w.changed(id, external_id=token(), domain_data=verified(domain()))["domains"]) == 2


@fault(FIELDS, "none: an update replaces the domains", _appended)
def beside_an_external_id_domains_are_added() -> ASGIApp:
    """In an update with an external_id, domains are added to the known ones."""

    class Adding(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            found = super().replaced_domains(known, body, moment)
            names = {each.domain for each in found}
            more = [each for each in known.domains if each.domain not in names] if "external_id" in body else []
            return (*found, *more)

    return app(changes=Adding())


def _null_domain_time(w: Wire) -> bool:
    found = w.made(domain_data=verified(domain()))["domains"][0]
    return bool(found["updated_at"] < found["created_at"])


@fault(SHOWN, "none: a domain was changed when it was changed", _null_domain_time, "a default of the table")
def domains_were_changed_in_1970() -> ASGIApp:
    """The updated_at of domains lies in 1970."""
    return showing_domains(lambda value, _: {**value, "updated_at": "1970-01-01T00:00:00.000Z"})


def _no_parent(w: Wire) -> bool:
    return bool(w.changed(w.made()["id"], domain_data=verified(domain()))["domains"][0]["organization_id"] == "")


@fault(SHOWN, "none: a domain names its organization", _no_parent, "children shown before they are saved")
def new_domains_in_updates_name_no_organization() -> ASGIApp:
    """In the response of an update with domain_data, their organization_id is empty."""

    def orphaned(request: Request, response: Reply) -> Reply:
        if request.operation != "update" or not response.good or not request.json.get("domain_data"):
            return response
        value = response.json
        return response.with_json({**value, "domains": [{**each, "organization_id": ""} for each in value["domains"]]})

    return on_response(orphaned)


def _rounded(w: Wire) -> bool:
    w.many(3)
    return all(each["created_at"].endswith(".000Z") for each in w.list().json()["data"])


@fault(SHOWN, "none: all responses show the same", _rounded, "a search index that keeps seconds")
def lists_date_creation_to_the_second() -> ASGIApp:
    """In lists, created_at is cut to the second."""
    return reshaped(lambda value: {**value, "created_at": f"{value['created_at'][:-4]}000Z"}, "list")


def _never_changed(w: Wire) -> bool:
    made = w.made(external_id=token())
    w.changed(made["id"], name="Other")
    return bool(w.lookup(made["external_id"]).json()["updated_at"] == made["updated_at"])


@fault(SHOWN, "none: all responses show the same", _never_changed, "one column selected twice")
def lookups_show_creation_twice() -> ASGIApp:
    """In lookups, updated_at is created_at."""
    return reshaped(lambda value: {**value, "updated_at": value["created_at"]}, "lookup")


def _other_word(w: Wire) -> bool:
    made = w.made(external_id=token(), domain_data=verified(domain()))
    return bool(w.lookup(made["external_id"]).json()["domains"][0]["object"] == "domain")


@fault(SHOWN, "none: object is organization_domain", _other_word, "a serializer of its own")
def lookups_call_domains_otherwise() -> ASGIApp:
    """In lookups, the object of a domain is `domain`."""
    return reshaped(
        lambda value: {**value, "domains": [{**each, "object": "domain"} for each in value["domains"]]}, "lookup"
    )


def _same_letters(w: Wire) -> bool:
    first, second = w.many(2)
    w.changed(first, stripe_customer_id="cus_aB")
    return w.update(second, stripe_customer_id="cus_Ab").status_code == 400


@fault(FIELDS, "none: another customer is free", _same_letters, "a collation without case; Stripe's ids have one")
def customers_have_no_case() -> ASGIApp:
    """Values of stripe_customer_id that differ in case are the same."""

    class Folding(Store):
        def update(self, organization: Organization) -> None:
            others = "SELECT TRUE FROM organization WHERE lower(stripe_customer_id) = lower(?) AND id <> ?"
            values = (organization.stripe_customer_id, organization.id)
            if self._connection.execute(others, values).fetchone():
                raise Taken("stripe_customer_id")
            super().update(organization)

    return app(Folding())


def _small_customer(w: Wire) -> bool:
    return bool(w.changed(w.made()["id"], stripe_customer_id="cus_R9qW")["stripe_customer_id"] == "cus_r9qw")


@fault(SHOWN, "none: a customer comes back", _small_customer, "ids put into small letters for comparison")
def customers_come_back_in_small_letters() -> ASGIApp:
    """A stripe_customer_id is kept in small letters."""
    return reading(stripe_customer_id=lambda text: text.lower())


def _with_default(w: Wire) -> Object:
    return w.changed(w.made(allow_profiles_outside_organization=True)["id"], name="Other")


@fault(
    FIELDS,
    "none: fields left out keep their value",
    lambda w: _with_default(w)["allow_profiles_outside_organization"] is False,
    "a default of the request's type",
)
def a_new_name_resets_the_flag() -> ASGIApp:
    """An update of the name alone sets allow_profiles_outside_organization to false."""
    field = "allow_profiles_outside_organization"
    return lenient(lambda body: {**body, field: False} if body.keys() == {"name"} else body, "update")
