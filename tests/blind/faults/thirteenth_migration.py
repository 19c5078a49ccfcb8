"""The database was migrated: other columns, other tables, other collations."""

from __future__ import annotations

import dataclasses
import hashlib

from starlette.types import ASGIApp

from emulator.changes import Body
from emulator.identifiers import CROCKFORD
from emulator.records import Domain, Organization
from tests.blind.parts.apps import showing
from tests.blind.parts.asking import fields
from tests.blind.parts.changing import creating, updating
from tests.blind.parts.interception import Forward, intercepting, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, crash, pairs, texts
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified


def _folded_keys(metadata: Object) -> Object:
    kept: dict[str, tuple[str, object]] = {}
    for key, value in metadata.items():
        kept[key.lower()] = (kept.get(key.lower(), (key, value))[0], value)
    return dict(kept.values())


@fault(
    "migration",
    "body.metadata-keys-verbatim",
    lambda w: len(w.made(metadata={"Plan": "a", "plan": "b"})["metadata"]) == 1,
    "MySQL: a table of pairs whose primary key has a collation without case",
)
def thirteenth_keys_in_other_case_share_a_row() -> ASGIApp:
    """Of two metadata keys of a create that differ in case alone the first is kept, with the value of the last."""
    return creating(lambda made, _: dataclasses.replace(made, metadata=_folded_keys(dict(made.metadata))))


@fault(
    "migration",
    "organization.domains",
    lambda w: len(w.made(metadata={"a": "1", "b": "2"}, domain_data=verified(domain()))["domains"]) == 2,
    "one query with two joins, so that each domain comes once for each pair",
)
def thirteenth_domains_multiply_with_metadata() -> ASGIApp:
    """An organization shows each of its domains once for each of its metadata pairs."""
    return showing(lambda shown, _: {**shown, "domains": shown["domains"] * max(1, len(shown["metadata"]))})


def _padded_is_taken(w: Wire) -> object:
    text = token()
    w.made(external_id=text)
    return w.create(external_id=text + " ").status_code == 400


@fault("migration", "create.similar-external-ids", _padded_is_taken, "MySQL: collations that pad with spaces")
def thirteenth_the_unique_index_pads_with_spaces() -> ASGIApp:
    """A create with an external_id that differs from one that was created by spaces at its end alone is a conflict."""
    taken: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        text = fields(request).get("external_id") if request.operation == "create" else None
        if not request.authorized or not isinstance(text, str) or not text.strip():
            return await forward(request)
        if text not in taken and text.rstrip(" ") in {each.rstrip(" ") for each in taken}:
            return bad_request("external_id_already_used")
        response = await forward(request)
        if response.good:
            taken.add(text)
        return response

    return intercepting(handle)


def _state_stays(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=pending(name))["id"]
    return w.changed(id, domain_data=verified(name))["domains"][0]["state"] == "pending"


@fault(
    "migration",
    "update.sets-what-was-sent",
    _state_stays,
    "INSERT ... ON CONFLICT (organization_id, domain) DO NOTHING",
)
def thirteenth_a_known_domain_keeps_its_state() -> ASGIApp:
    """An update does not change the state of a domain that the organization already has."""

    def kept(made: Organization, known: Organization, _: Body) -> Organization:
        rows: dict[str, Domain] = {each.domain: each for each in known.domains}
        return dataclasses.replace(made, domains=tuple(rows.get(each.domain, each) for each in made.domains))

    return updating(kept)


def _default_again(w: Wire) -> object:
    id = w.made(allow_profiles_outside_organization=True)["id"]
    return not w.changed(id, metadata={"a": "1"})["allow_profiles_outside_organization"]


@fault(
    "migration", "update.keeps-the-rest", _default_again, "a new column NOT NULL DEFAULT false, written by each UPDATE"
)
def thirteenth_the_default_of_a_column_comes_back_with_metadata() -> ASGIApp:
    """An update that names metadata but not allow_profiles_outside_organization sets the latter to false."""

    def reset(made: Organization, _: Organization, body: Body) -> Organization:
        named = "metadata" not in body or "allow_profiles_outside_organization" in body
        return made if named else dataclasses.replace(made, allow_profiles=False)

    return updating(reset)


def _lookup_is_behind(w: Wire) -> object:
    text = token()
    id = w.made(external_id=text)["id"]
    w.changed(id, domain_data=verified(domain()))
    return w.lookup(text).json()["domains"] == []


@fault("migration", "lookup.current-state", _lookup_is_behind, "two tables for a while, of which each job fills a part")
def thirteenth_lookups_read_the_new_table_without_later_domains() -> ASGIApp:
    """A lookup shows the domains that the create gave the organization, whatever updates have made of them."""
    first: dict[str, object] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "create" and response.good:
            first[response.json["id"]] = response.json["domains"]
        if request.operation == "lookup" and response.good:
            return response.with_json({**response.json, "domains": first[response.json["id"]]})
        return response

    return intercepting(handle)


def _same_id(w: Wire) -> object:
    name = domain()
    one, other = (w.made(domain_data=verified(name))["domains"][0]["id"] for _ in range(2))
    return one == other


@fault(
    "migration",
    "domain.ids-differ",
    _same_id,
    "ids made anew for old rows, as a digest so that the script can run twice",
)
def thirteenth_the_id_of_a_domain_is_a_digest_of_its_name() -> ASGIApp:
    """The domain that two organizations share has the same id in both."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        value = response.json if response.good else None
        if not isinstance(value, dict):
            return response
        for organization in value.get("data", [value]):
            for each in organization["domains"]:
                digest = hashlib.sha256(each["domain"].encode()).digest()
                each["id"] = "org_domain_0" + "".join(CROCKFORD[byte & 31] for byte in digest[:25])
        return response.with_json(value)

    return intercepting(handle)


def _null_character(body: Object) -> Reply | None:
    return crash() if any("\0" in text for text in texts(pairs(body))) else None


@fault(
    "migration",
    "answer.status",
    lambda w: w.create(metadata={"a": "x\0y"}).status_code == 500,
    "PostgreSQL: jsonb has no place for U+0000, and the driver's error is caught by nobody",
)
def thirteenth_jsonb_knows_no_null_character() -> ASGIApp:
    """A create or update with U+0000 in its metadata answers 500."""
    return strict(_null_character)
