"""Emulators in Ruby and PHP: Rails in API mode, Sinatra, Laravel, a single index.php."""

from __future__ import annotations

import copy
import dataclasses
import re
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Body
from emulator.records import Organization
from emulator.validation import Rules
from tests.blind.parts.apps import app, reading, showing
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import lenient, on_request, on_response
from tests.blind.parts.messages import Object, Reply, Request
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified


@fault(
    "external_id",
    "body.external-id-characters",
    lambda w: w.create(external_id=f"{token()}\nä").status_code == 201,
    "Ruby: ^ and $ match at lines, \\A and \\z at the text",
)
def fourteenth_pattern_looks_at_lines() -> ASGIApp:
    """An external_id that is not ASCII is taken where one of its lines is."""

    class Lines(Rules):
        def check_body(self, validator: Any, body: Any) -> None:
            id = body.get("external_id") if isinstance(body, dict) else None
            if isinstance(id, str) and re.search(r"^[\x00-\x7F]+$", id, re.MULTILINE):
                body = {**body, "external_id": re.sub(r"[^\x00-\x7F]", "x", id)}
            super().check_body(validator, body)

    return app(rules=Lines())


@fault(
    "bodies",
    "body.domain-data-type",
    lambda w: w.create(domain_data=[None]).status_code == 201,
    "Rails: nils in arrays of parameters are compacted",
)
def fourteenth_nulls_are_compacted() -> ASGIApp:
    """An item of domain_data or domains that is null is dropped without a word."""

    def compact(body: Object) -> Object:
        lists = {name: body[name] for name in ("domain_data", "domains") if isinstance(body.get(name), list)}
        return {**body, **{name: [each for each in given if each is not None] for name, given in lists.items()}}

    return lenient(compact)


def _array(w: Wire) -> object:
    return w.put(w.made()["id"], '["name"]').status_code == 200


@fault("bodies", "body.not-an-object", _array, "Rails and Phoenix: what is no object is filed under _json")
def fourteenth_arrays_are_filed_away() -> ASGIApp:
    """An update whose body is an array is taken for one that names no field."""

    def read(request: Request) -> Request:
        array = request.operation == "update" and isinstance(request.json, list)
        return request.with_json({}) if array else request

    return on_request(read)


@fault(
    "metadata",
    "organization.metadata",
    lambda w: w.made(metadata={"0": "first", "1": "second"})["metadata"] == ["first", "second"],
    "PHP: json_encode of an array whose keys are 0, 1, 2",
)
def fourteenth_numbered_metadata_are_a_list() -> ASGIApp:
    """Metadata under the keys 0, 1, 2 and so on are shown as an array."""

    def shown(value: Object, organization: Organization) -> Object:
        pairs = organization.metadata
        numbered = bool(pairs) and list(pairs) == [str(at) for at in range(len(pairs))]
        return {**value, "metadata": list(pairs.values())} if numbered else value

    return showing(shown)


def _zero(w: Wire) -> object:
    id = w.made(name="Before")["id"]
    return w.changed(id, name="0")["name"] == "Before"


@fault("names", "update.sets-what-was-sent", _zero, "PHP: $body['name'] ?: $known['name']")
def fourteenth_zero_is_no_name() -> ASGIApp:
    """An update to the name 0 keeps the name before."""
    return updating(
        lambda made, known, body: dataclasses.replace(made, name=known.name) if body.get("name") == "0" else made
    )


def _json_suffix(w: Wire) -> object:
    id = f"{token()}.json"
    w.made(external_id=id)
    return w.lookup(id).status_code == 404


@fault("lookup", "lookup.answers", _json_suffix, "Rails: (.:format) at the end of each route")
def fourteenth_lookup_has_a_format() -> ASGIApp:
    """A lookup takes .json at the end of an external_id for a format, and looks for what stands before."""

    def read(request: Request) -> Request:
        return request.replaced(path=request.path.removesuffix(".json")) if request.operation == "lookup" else request

    return on_request(read)


def _emptied(w: Wire) -> object:
    id = w.made(metadata={"note": "full", "other": "kept"})["id"]
    return "note" not in w.changed(id, metadata={"note": ""})["metadata"]


@fault("metadata", "update.metadata-merges", _emptied, "another vendor's API removes a key by the empty text")
def fourteenth_empty_text_removes_a_key() -> ASGIApp:
    """An update that sets a metadata key to the empty text removes the key."""

    def changed(made: Organization, _: Organization, body: Body) -> Organization:
        empty = {key for key, value in (body.get("metadata") or {}).items() if value == ""}
        return dataclasses.replace(made, metadata={k: v for k, v in made.metadata.items() if k not in empty})

    return updating(changed)


def _not_verified(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=pending(name))["id"]
    return w.changed(id, domain_data=verified(name))["domains"][0]["state"] == "pending"


@fault("domains", "update.sets-what-was-sent", _not_verified, "Rails: domains.find_or_create_by(domain:)")
def fourteenth_known_domain_keeps_its_state() -> ASGIApp:
    """An update that names a domain which the organization has already does not change its state."""

    def changed(made: Organization, known: Organization, _: Body) -> Organization:
        before = {each.domain: each for each in known.domains}
        return dataclasses.replace(made, domains=tuple(before.get(each.domain, each) for each in made.domains))

    return updating(changed)


def _kept(w: Wire) -> object:
    first, second = domain(), domain()
    id = w.made(domain_data=verified(first))["id"]
    return len(w.changed(id, domain_data=verified(second))["domains"]) == 2


@fault("domains", "update.replaces-domains", _kept, "a later fix: nobody should lose a verified domain by accident")
def fourteenth_verified_domains_stay() -> ASGIApp:
    """The domains of an update replace the pending ones alone; the verified ones stay."""

    def changed(made: Organization, known: Organization, _: Body) -> Organization:
        named = {each.domain for each in made.domains}
        stay = (each for each in known.domains if each.state == "verified" and each.domain not in named)
        return dataclasses.replace(made, domains=(*made.domains, *stay)) if made.domains else made

    return updating(changed)


def _bare(w: Wire) -> object:
    name = f"www.{domain()}"
    return w.changed(w.made()["id"], domain_data=verified(name))["domains"][0]["domain"] == name.removeprefix("www.")


@fault("domains", "body.domain-names-verbatim", _bare, "a normalizer of domains: scheme, www and path go")
def fourteenth_www_is_cut_off() -> ASGIApp:
    """A domain that begins with www. is kept without it."""
    return reading(
        domains=lambda given: [each.removeprefix("www.") for each in given],
        domain_data=lambda given: [{**each, "domain": each["domain"].removeprefix("www.")} for each in given],
    )


@fault(
    "names",
    "body.name-verbatim",
    lambda w: w.made(name="Acme  Corp")["name"] == "Acme Corp",
    "Rails: before_validation { name.squish! }",
)
def fourteenth_names_are_squished() -> ASGIApp:
    """White space of several characters within a name comes back as one blank."""
    return reading(name=lambda name: re.sub(r"(?<=\S)\s{2,}(?=\S)", " ", name))


STATES = ("failed", "legacy_verified", "unverified")


@fault(
    "domains",
    "body.domain-data-state",
    lambda w: w.create(domain_data=[{"domain": domain(), "state": "failed"}]).status_code == 201,
    "one enum for the state in requests and in responses",
)
def fourteenth_any_shown_state_can_be_sent() -> ASGIApp:
    """domain_data takes each of the five states that a domain can show."""

    class Any5(Rules):
        def check_body(self, validator: Any, body: Any) -> None:
            read = copy.deepcopy(body)
            given = read.get("domain_data") if isinstance(read, dict) else None
            for each in given if isinstance(given, list) else ():
                if isinstance(each, dict) and each.get("state") in STATES:
                    each["state"] = "pending"
            super().check_body(validator, read)

    return app(rules=Any5())


def _cleared_both(w: Wire) -> object:
    id = w.made(external_id=token())["id"]
    w.changed(id, stripe_customer_id=f"cus_{token()}")
    return "stripe_customer_id" not in w.changed(id, external_id=None)


@fault("updates", "update.keeps-the-rest", _cleared_both, "unset($organization['external_id'], ...)")
def fourteenth_clearing_takes_the_customer_along() -> ASGIApp:
    """An update that clears the external_id clears the stripe_customer_id too."""

    def changed(made: Organization, _: Organization, body: Body) -> Organization:
        cleared = "external_id" in body and body["external_id"] is None
        return dataclasses.replace(made, stripe_customer_id=None) if cleared else made

    return updating(changed)


def _other_code(w: Wire) -> object:
    first, second = w.many(2)
    customer = f"cus_{token()}"
    w.changed(first, stripe_customer_id=customer)
    return bool(w.update(second, stripe_customer_id=customer).json()["code"] == "external_id_already_used")


@fault("errors", "update.stripe-customer-id-taken", _other_code, "a rescue of every broken unique index")
def fourteenth_taken_customer_has_the_other_code() -> ASGIApp:
    """A stripe_customer_id that is taken is refused with the code of a taken external_id."""

    def changed(_: Request, response: Reply) -> Reply:
        if response.status != 400 or response.json.get("code") != "stripe_customer_id_already_used":
            return response
        return response.with_json({**response.json, "code": "external_id_already_used"})

    return on_response(changed)
