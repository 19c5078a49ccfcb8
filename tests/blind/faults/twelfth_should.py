"""What breaks no more than a SHOULD, in several stacks."""

from __future__ import annotations

import dataclasses
import re

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.identifiers import Ulids
from emulator.records import Domain, Organization
from tests.blind.parts.apps import app, reading
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain

ULID = "[0-9A-HJKMNP-TV-Z]{26}"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _too_wide(body: Object) -> Reply | None:
    values = [value for value in pairs(body).values() if isinstance(value, str)]
    return bad_request("invalid_metadata") if any(_units(value) > 600 for value in values) else None


@fault(
    "metadata",
    "create.accepts-documented-bounds",
    lambda w: w.create(metadata={"mood": "\U0001f600" * 400}).status_code == 400,
    "JavaScript, Java and .NET count the units of UTF-16",
    level=SHOULD,
)
def twelfth_emoji_count_twice() -> ASGIApp:
    """A character beyond U+FFFF counts as two of the 600 that a metadata value may have."""
    return strict(_too_wide)


@fault(
    "names",
    "body.name-padding",
    lambda w: w.made(name="\u3000全角\u3000")["name"] == "全角",
    "Python's strip and JavaScript's trim take all white space of Unicode",
    level=SHOULD,
)
def twelfth_ideographic_spaces_are_trimmed() -> ASGIApp:
    """White space beyond ASCII at the ends of a name is cut off."""
    return reading(name=lambda name: re.sub(r"^[^\S\x00-\x7f]+|[^\S\x00-\x7f]+$", "", name))


def _last_key(w: Wire) -> object:
    id = w.made(metadata={"plan": "gold"})["id"]
    return w.changed(id, metadata={"plan": None})["metadata"] == {"plan": "gold"}


@fault(
    "metadata",
    "update.metadata-null-key",
    _last_key,
    "if (!isEmpty(merged)) organization.metadata = merged",
    level=SHOULD,
)
def twelfth_last_key_stays() -> ASGIApp:
    """Setting the only metadata key that is left to null removes nothing."""

    def kept(made: Organization, known: Organization, body: Body) -> Organization:
        return (
            dataclasses.replace(made, metadata=known.metadata) if body.get("metadata") and not made.metadata else made
        )

    return updating(kept)


@fault(
    "delete",
    "delete.unknown",
    lambda w: w.delete("org_01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 202,
    "A delete that is queued once the id has the right form",
    level=SHOULD,
)
def twelfth_unknown_ids_of_the_right_form_are_accepted() -> ASGIApp:
    """A delete of an id that no organization has answers 202 where it has the form of an id."""

    def queued(request: Request, response: Reply) -> Reply:
        unknown = request.operation == "delete" and response.status == 404
        formed = re.fullmatch(f"org_{ULID}", request.last)
        return Reply(202, (("content-type", "text/plain"),), b"Accepted") if unknown and formed else response

    return on_response(queued)


def _small_ids(w: Wire) -> object:
    return not re.fullmatch(f"org_domain_{ULID}", w.made(domains=[domain()])["domains"][0]["id"])


@fault("ids", "domain.id-form", _small_ids, "Another library for ULIDs, which writes small letters", level=SHOULD)
def twelfth_domain_ids_in_small_letters() -> ASGIApp:
    """The ids of domains are written in small letters behind their prefix."""
    ulids = Ulids()

    class Small(Changes):
        def domain_id(self, moment: int) -> str:
            return f"org_domain_{ulids.new(moment).lower()}"

    return app(changes=Small())


def _dns(w: Wire) -> object:
    shown = w.made(domain_data=[{"domain": domain(), "state": "verified"}])["domains"][0]
    return shown["verification_strategy"] == "dns"


@fault("domains", "create.domain-strategy", _dns, "A column with DEFAULT 'dns'", level=SHOULD)
def twelfth_every_strategy_is_dns() -> ASGIApp:
    """A domain that a create or an update makes a verified one shows the strategy dns."""

    class Default(Changes):
        def stated_domain(self, domain: str, state: str, moment: int) -> Domain:
            return dataclasses.replace(super().stated_domain(domain, state, moment), strategy="dns")

    return app(changes=Default())
