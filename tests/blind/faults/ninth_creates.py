"""What a create makes of a valid body."""

from __future__ import annotations

import dataclasses
import hashlib
import re

from starlette.types import ASGIApp

from emulator.changes import Body
from emulator.records import Domain, Organization
from tests.blind.parts.apps import reading, showing_domains, values
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import Forward, intercepting, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified

UUID = re.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


@fault(
    "creates",
    "body.external-id-verbatim",
    lambda w: w.made(external_id=(id := "2FE01467-F7EA-4DD2-8B79-" + token()[-12:].upper()))["external_id"] != id,
    "a column of PostgreSQL's type uuid beside one of text",
)
def ninth_uuids_in_small_letters() -> ASGIApp:
    """An external_id that has the form of a UUID is kept in small letters."""
    return reading(external_id=lambda id: id.lower() if UUID.fullmatch(id) else id)


def _empty_domains(w: Wire) -> object:
    return w.made(domain_data=[], metadata={"plan": "gold"})["metadata"] == {}


@fault(
    "creates", "create.returns-what-was-sent", _empty_domains, "a branch for creates with domains that tests for length"
)
def ninth_empty_domain_data_loses_metadata() -> ASGIApp:
    """A create with an empty domain_data stores no metadata."""

    def made(new: Organization, body: Body) -> Organization:
        return dataclasses.replace(new, metadata={}) if body.get("domain_data") == [] else new

    return creating(made)


@fault(
    "creates",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"a": "", "b": "x"})["metadata"] == {"b": "x"},
    "compact_blank of Rails",
)
def ninth_create_drops_blank_values() -> ASGIApp:
    """A create drops the pairs of metadata whose value is empty or white space alone."""
    return reading(update=False, metadata=values(lambda value: value if value.strip() else None))


def _one_id(w: Wire) -> object:
    name = domain()
    first, second = (w.made(domain_data=verified(name)) for _ in range(2))
    return second["domains"][0]["id"] == first["domains"][0]["id"]


@fault("creates", "domain.ids-differ", _one_id, "an emulator that wants the same ids at each run")
def ninth_domain_ids_by_name() -> ASGIApp:
    """The domains of two organizations have one id where their names are equal."""

    def named(shown: Object, of: Domain) -> Object:
        digest = hashlib.sha256(of.domain.encode()).hexdigest()[:26].upper()
        return {**shown, "id": f"org_domain_{digest}"}

    return showing_domains(named)


@fault(
    "creates",
    "body.ten-domains",
    lambda w: len(w.made(domain_data=verified(*(domain() for _ in range(10))))["domains"]) == 8,
    "rows inserted in batches of eight, the rest forgotten",
)
def ninth_eight_domains_at_most() -> ASGIApp:
    """A create keeps the first eight domains of domain_data."""
    return reading(update=False, domain_data=lambda items: items[:8])


@fault(
    "creates",
    "create.domain-state",
    lambda w: w.made(domain_data=verified(domain()) + pending(domain()))["domains"][1]["state"] == "verified",
    "a variable that is set outside of the loop",
)
def ninth_all_domains_like_the_first() -> ASGIApp:
    """Each domain of a domain_data gets the state of the first one."""
    return reading(domain_data=lambda items: [{**item, "state": items[0]["state"]} for item in items])


def _after_refusal(w: Wire) -> object:
    refused = w.create(name=5).status_code
    return refused == 422 and w.create().status_code == 422 and w.create().status_code == 201


@fault("creates", "create.accepts-valid-bodies", _after_refusal, "a validator's list of errors that all requests share")
def ninth_refused_once_more() -> ASGIApp:
    """The valid create that follows upon a create that was refused with 422 is refused as well, once."""
    refused: list[Reply] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation != "create" or not request.authorized:
            return response
        if response.status == 422:
            refused[:] = [response]
        return response

    async def first(request: Request, forward: Forward) -> Reply:
        valid = isinstance(request.json, dict) and isinstance(request.json.get("name"), str)
        if request.operation == "create" and request.authorized and refused and valid:
            return refused.pop()
        return await handle(request, forward)

    return intercepting(first)


def _spaced(w: Wire) -> object:
    id = token()
    w.made(external_id=id)
    return w.create(external_id=f"{id} ").status_code == 400


@fault("creates", "create.similar-external-ids", _spaced, "PAD SPACE of MySQL's collations")
def ninth_trailing_space_is_taken() -> ASGIApp:
    """A create answers 400 where its external_id differs from a taken one by spaces at its end alone."""
    taken: set[str] = set()

    def broken(body: Object) -> Reply | None:
        id = body.get("external_id")
        if not isinstance(id, str) or not isinstance(body.get("name"), str):
            return None
        if id != id.rstrip(" ") and id.rstrip(" ") in taken:
            return bad_request("external_id_already_used")
        taken.add(id)
        return None

    return strict(broken, "create")


@fault(
    "creates",
    "create.accepts-valid-bodies",
    lambda w: w.create(allow_profiles_outside_organization=False).status_code == 422,
    "if (!body[field]) as the test for a field that is missing, once it is named",
)
def ninth_false_counts_as_blank() -> ASGIApp:
    """A create with an allow_profiles_outside_organization of false answers 422."""

    def broken(body: Object) -> Reply | None:
        wrong = body.get("allow_profiles_outside_organization") is False
        return unprocessable("allow_profiles_outside_organization", "must not be blank") if wrong else None

    return strict(broken, "create")
