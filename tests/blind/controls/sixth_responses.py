"""Responses that look unusual and are right."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.identifiers import CROCKFORD
from emulator.records import Domain, Organization
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.interception import Forward, intercepting, on_response
from tests.blind.parts.messages import Reply, Request, reply, without
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, pending, verified


def _hexadecimal(id: str) -> str:
    """An id with the same number in hexadecimal, so that both sort alike."""
    prefix, _, ulid = id.rpartition("_")
    number = 0
    for character in ulid:
        number = number * 32 + CROCKFORD.index(character)
    return f"{prefix}_{number:033x}"


@control(
    "identifiers",
    "organization.id-form and domain.id-form are SHOULD",
    lambda w: w.made()["id"].islower(),
    may_warn=True,
)
def sixth_ids_are_hexadecimal() -> ASGIApp:
    """Ids are a prefix and 33 hexadecimal digits in small letters."""

    class Hexadecimal(Changes):
        def organization_id(self, moment: int) -> str:
            return _hexadecimal(super().organization_id(moment))

        def domain_id(self, moment: int) -> str:
            return _hexadecimal(super().domain_id(moment))

    return app(changes=Hexadecimal())


def _from_behind(w: Wire) -> object:
    names = sorted(domain() for _ in range(3))
    shown = w.made(domain_data=verified(*names), metadata={"a": "1", "b": "2"})
    return [each["domain"] for each in shown["domains"]] == names[::-1] and list(shown["metadata"]) == ["b", "a"]


@control("shape", "no source gives domains or metadata an order", _from_behind)
def sixth_domains_and_metadata_from_behind() -> ASGIApp:
    """Domains and metadata are shown from the end of the alphabet to its beginning."""
    return showing(
        lambda shown, _: {
            **shown,
            "domains": sorted(shown["domains"], key=lambda each: str(each["domain"]), reverse=True),
            "metadata": dict(sorted(shown["metadata"].items(), reverse=True)),
        }
    )


@control(
    "shape",
    "O: state and verification_strategy are optional; create.domain-state: where the state is shown",
    lambda w: "state" not in w.made(domain_data=pending(domain()))["domains"][0],
    may_warn=True,
)
def sixth_state_is_not_shown() -> ASGIApp:
    """Domains show neither state nor strategy."""
    return showing_domains(lambda shown, _: without(shown, "state", "verification_strategy"))


@control("transport", "RFC 8259: white space and escapes", lambda w: w.list().text.endswith("\n"))
def sixth_indented_ascii() -> ASGIApp:
    """JSON is indented by tabs, in ASCII, every other character escaped, with a line end behind it."""

    def altered(_: Request, response: Reply) -> Reply:
        value = response.json
        if value is None:
            return response
        return response.replaced(body=json.dumps(value, indent="\t").replace("/", r"\/").encode() + b"\n")

    return on_response(altered)


def _same_domain(w: Wire) -> object:
    name = verified(domain())
    made = w.made(domain_data=name)
    return w.changed(made["id"], domain_data=name)["domains"][0]["id"] == made["domains"][0]["id"]


@control("domains", "no source says whether a domain that stays keeps its id", _same_domain)
def sixth_domain_that_stays_keeps_id() -> ASGIApp:
    """A domain that an update gives again keeps its id and its created_at."""

    class Keeping(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            before = {each.domain: each for each in known.domains}
            return tuple(
                dataclasses.replace(each, id=before[each.domain].id, created_at=before[each.domain].created_at)
                if each.domain in before
                else each
                for each in super().replaced_domains(known, body, moment)
            )

    return app(changes=Keeping())


@control(
    "deletion",
    "delete.answers: 200 or 202, no body is documented",
    lambda w: w.delete(w.made()["id"]).content.startswith(b"{"),
)
def sixth_delete_answers_object() -> ASGIApp:
    """A delete answers 200 with an object that names what it deleted."""
    return on_response(
        lambda request, response: (
            reply(200, {"object": "organization", "id": request.last, "deleted": True})
            if request.operation == "delete" and response.good
            else response
        )
    )


def _too_many(w: Wire) -> object:
    return 429 in {w.list(limit=1).status_code for _ in range(45)}


@control("transport", "FACTS: 429 beyond a limit; RFC 9110: Retry-After may be a date", _too_many)
def sixth_too_many_requests_until_a_date() -> ASGIApp:
    """Each fortieth request with the key answers 429, with the next second as Retry-After."""
    seen: list[str] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        seen.extend([request.path] if request.authorized else [])
        if len(seen) % 40 or not request.authorized:
            return await forward(request)
        until = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
        return reply(429, {"message": "Too many requests."}).with_header("retry-after", until)

    return intercepting(handle)
