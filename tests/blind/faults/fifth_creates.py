"""Creates that lose, double or invent something."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from tests.blind.parts.apps import app
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import on_response, reshaped
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, token, verified

KIND = "fifth: create"
FLAG = "allow_profiles_outside_organization"


@fault(
    KIND,
    "create.returns-what-was-sent",
    lambda w: w.made(external_id=token(), metadata={"a": "b"})["external_id"] is None,
    "two overloads of an insert, one of which lacks a column",
)
def fifth_create_loses_external_id_beside_metadata() -> ASGIApp:
    """A create with metadata loses the external_id."""
    return creating(lambda new, body: replace(new, external_id=None) if new.metadata else new)


@fault(
    KIND,
    "create.returns-what-was-sent",
    lambda w: w.made(**{FLAG: True}, domain_data=verified(domain()))[FLAG] is False,
    "a flag that is derived from whether there are domains",
)
def fifth_create_clears_flag_beside_domains() -> ASGIApp:
    """A create with domains sets allow_profiles_outside_organization to false."""
    return creating(lambda new, body: replace(new, allow_profiles=False) if new.domains else new)


def all_verified(w: Wire) -> bool:
    made = w.made(domain_data=[*pending(domain()), *verified(domain())])
    return {each["state"] for each in made["domains"]} == {"verified"}


@fault(KIND, "create.domain-state", all_verified, "a variable of a loop that outlives it")
def fifth_create_gives_all_domains_one_state() -> ASGIApp:
    """A create gives all domains the state of the last one."""
    return creating(
        lambda new, body: replace(
            new, domains=tuple(replace(each, state=new.domains[-1].state) for each in new.domains)
        )
    )


@fault(
    KIND,
    "create.returns-what-was-sent",
    lambda w: len(w.made(metadata={f"k{n}": "v" for n in range(8)})["metadata"]) == 5,
    "a limit taken from another vendor",
)
def fifth_create_keeps_five_pairs() -> ASGIApp:
    """A create keeps the first five pairs of metadata."""
    return creating(lambda new, body: replace(new, metadata=dict([*new.metadata.items()][:5])))


@fault(
    KIND,
    "answer.status",
    lambda w: w.create(external_id=token()).status_code == 200,
    "an upsert that answers like an update",
)
def fifth_create_with_external_id_answers_200() -> ASGIApp:
    """A create with an external_id answers 200."""
    return on_response(
        lambda request, response: (
            response.replaced(status=200)
            if request.operation == "create" and response.good and request.json.get("external_id")
            else response
        )
    )


@fault(
    KIND,
    "organization.metadata",
    lambda w: w.made(metadata=None)["metadata"] is None,
    "a default that applies to absent values alone",
)
def fifth_create_keeps_null_metadata() -> ASGIApp:
    """A create with metadata of null answers with metadata of null."""
    return on_response(
        lambda request, response: (
            response.with_json({**response.json, "metadata": None})
            if request.operation == "create" and response.good and request.json.get("metadata", {}) is None
            else response
        )
    )


@fault(
    KIND,
    "domain.organization-id",
    lambda w: w.made(domain_data=verified(domain()))["domains"][0]["organization_id"] is None,
    "a response made before the rows are flushed",
)
def fifth_create_answers_before_domains_are_attached() -> ASGIApp:
    """The answer to a create has domains with an organization_id of null."""
    return reshaped(
        lambda shown: {**shown, "domains": [{**each, "organization_id": None} for each in shown["domains"]]}, "create"
    )


def same_name(w: Wire) -> bool:
    name = token()
    return bool(w.made(name=name)["id"] == w.made(name=name)["id"])


@fault(KIND, "create.ids-differ", same_name, "find_or_create_by of an ORM")
def fifth_create_finds_the_same_name() -> ASGIApp:
    """A create with nothing but the name of a known organization answers with that one."""

    class Finding(Api):
        def create(self, call: Call) -> Response:
            body = self.rules.create(call.content)
            if [*body] != ["name"]:
                return super().create(call)
            found = [each for each in self.store.newer((-1, ""), 1000, body["name"], None) if each.name == body["name"]]
            return self.responses.created(found[0]) if found else super().create(call)

    return app(api=Finding)


@fault(
    KIND,
    "create.deprecated-domains",
    lambda w: len(w.made(domains=[domain(), domain()])["domains"]) == 1,
    "a bridge from the days when an organization had one domain",
)
def fifth_create_keeps_one_deprecated_domain() -> ASGIApp:
    """A create attaches the first of the deprecated domains."""
    return creating(lambda new, body: replace(new, domains=new.domains[:1]) if "domains" in body else new)


@fault(
    KIND,
    "create.name-alone",
    lambda w: bool(w.made()["metadata"]),
    "a trace of where a record came from",
)
def fifth_create_adds_metadata_of_its_own() -> ASGIApp:
    """A create without metadata sets metadata of its own."""
    return creating(lambda new, body: new if new.metadata else replace(new, metadata={"source": "api"}))


@fault(
    KIND,
    "create.new-timestamps",
    lambda w: (made := w.made(domain_data=verified(domain())))["updated_at"] != made["created_at"],
    "domains that are attached by an update",
    level="SHOULD",
)
def fifth_create_with_domains_is_updated_later() -> ASGIApp:
    """A new organization with domains was updated two seconds after it was created."""
    return creating(lambda new, body: replace(new, updated_at=new.updated_at + 2000) if new.domains else new)
