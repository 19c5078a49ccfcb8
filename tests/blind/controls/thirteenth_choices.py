"""What sources leave open, decided by teams in other ways than the emulator's."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp

from emulator.api import Api
from emulator.changes import Body, Changes
from emulator.identifiers import CROCKFORD, now
from emulator.paging import Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import OLDER, Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_request, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs, reply, unprocessable
from tests.blind.parts.stores import EVERYBODY, matching
from tests.blind.registry import control
from tests.blind.wire import Wire, deleted, domain, pending, token, verified

FIELDS = {"name", "domains", "domain_data", "metadata", "external_id", "allow_profiles_outside_organization"}
CRITERIA = {"limit", "order", "before", "after", "domains", "search"}


@control("names", "FACTS: a very long name may be refused", lambda w: w.create(name="x" * 256).status_code == 422)
def thirteenth_names_have_255_characters_at_most() -> ASGIApp:
    """A name of more than 255 characters, or of none, answers 422."""
    return strict(
        lambda body: (
            unprocessable("name") if isinstance(body.get("name"), str) and not 0 < len(body["name"]) <= 255 else None
        )
    )


@control(
    "authentication",
    "authentication.lower-case-scheme is INFO",
    lambda w: w.other(f"bearer {w.key}").get("/organizations").status_code == 401,
)
def thirteenth_the_scheme_has_a_capital() -> ASGIApp:
    """A key is refused where the scheme is not written Bearer."""

    class Exact(Api):
        def authorized(self, headers: Headers) -> bool:
            return headers.get("authorization", "").startswith("Bearer ") and super().authorized(headers)

    return app(api=Exact)


def _goes_on(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    w.delete(ids[1])
    return w.list(search=name, after=ids[1], order="desc").status_code == 200


@control("cursors", "list.unknown-cursor is INFO", _goes_on)
def thirteenth_a_cursor_tells_its_moment() -> ASGIApp:
    """The cursor of a deleted organization leads on from its place, and any other text is a cursor beyond the end."""

    class Timed(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            known = self.store.by_id(cursor)
            if known is not None:
                return known.key
            if not re.fullmatch(f"org_[{CROCKFORD}]{{26}}", cursor):
                return 0, ""
            moment = 0
            for character in cursor[4:14]:
                moment = moment * 32 + CROCKFORD.index(character)
            return min(moment, 2**50), cursor

    return app(pages=Timed)


def _in_any_order(w: Wire) -> object:
    one, other = token(), token()
    id = w.made(name=f"{one} and {other}")["id"]
    return w.ids(search=f"{other} {one}") == [id]


@control("search", "list.search-several-words is INFO", _in_any_order)
def thirteenth_words_of_a_search_come_in_any_order() -> ASGIApp:
    """A search for several words finds the names that hold all of them, in any order."""
    return matching(lambda text, found: all(word in found.name.casefold() for word in text.casefold().split()))


def _not_yet_gone(w: Wire) -> object:
    id = deleted(w)["id"]
    soon = id in w.ids()
    time.sleep(0.5)
    return soon and id not in w.ids()


LAG = 300
"""Milliseconds."""


@control("staleness", "delete.gone-from-lists: within the moment that lists may lag", _not_yet_gone, lag=1.0)
def thirteenth_lists_show_the_deleted_for_a_moment() -> ASGIApp:
    """Lists show a deleted organization for three tenths of a second more."""

    class Lagging(Store):
        def __init__(self) -> None:
            super().__init__()
            self.gone: list[tuple[int, Organization]] = []

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            self.gone.append((now(), organization))

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, search, domain)
            self.gone = [(moment, each) for moment, each in self.gone if moment > now() - LAG]
            older = direction is OLDER
            for each in (each for _, each in self.gone):
                has = domain is None or domain in {of.domain for of in each.domains}
                beyond = each.key < than if older else each.key > than
                if has and beyond and search.casefold() in each.name.casefold():
                    found.append(each)
            return sorted(found, key=lambda each: each.key, reverse=older)[:limit]

    return app(Lagging())


def _pending_conflict(w: Wire) -> object:
    name = domain()
    w.made(domain_data=verified(name))
    return w.create(domain_data=pending(name)).status_code == 409


@control("domains", "409 is documented; pending domains of others are a SHOULD", _pending_conflict, may_warn=True)
def thirteenth_a_claim_on_a_verified_domain_is_a_conflict() -> ASGIApp:
    """A create that claims as pending a domain that another organization was created with answers 409."""
    known: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation == "create" else None
        items = body.get("domain_data") if isinstance(body, dict) else None
        given = [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []
        claimed = any(str(each.get("domain")) in known for each in given if each.get("state") == "pending")
        response = await forward(request)
        if claimed and response.good:
            again = request.replaced(method="DELETE", path=f"/organizations/{response.json['id']}", body=b"")
            await forward(again)
            return reply(409, {"message": "Another organization has this domain."})
        if request.operation == "create" and response.good:
            known.update(each["domain"] for each in response.json["domains"])
        return response

    return intercepting(handle)


def _eleven_pairs(body: Object) -> Reply | None:
    many = len(pairs(body)) > 10 or any(not f"{key}{value}".isascii() for key, value in pairs(body).items())
    return bad_request("invalid_metadata") if many else None


@control(
    "metadata",
    "D: an older guide allows ten pairs of ASCII",
    lambda w: w.create(metadata={f"k{at}": "x" for at in range(11)}).status_code == 400,
    may_warn=True,
)
def thirteenth_ten_pairs_of_ascii_are_all() -> ASGIApp:
    """Eleven or more pairs of metadata, or pairs that are not ASCII, answer 400 with the code invalid_metadata."""
    return strict(_eleven_pairs)


def _null_changes_nothing(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, metadata=None)["metadata"] == {"a": "1"}


@control("metadata", "update.metadata-null is INFO", _null_changes_nothing)
def thirteenth_null_metadata_say_nothing() -> ASGIApp:
    """An update whose metadata are null leaves them as they were."""

    class Kept(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            return known.metadata if body.get("metadata", {}) is None else super().next_metadata(known, body)

    return app(changes=Kept())


def _first_alone(w: Wire) -> object:
    one, other = domain(), domain()
    id = w.made(domain_data=verified(one))["id"]
    w.made(domain_data=verified(other))
    return w.ids(domains=[one, other]) == [id]


@control("lists", "list.domains-repeated is INFO", _first_alone)
def thirteenth_of_several_parameters_the_first_counts() -> ASGIApp:
    """Where domains comes several times in a query, the first one counts."""

    def first(request: Request) -> Request:
        parts = request.query.split("&")
        later = [part for part in parts if part.startswith("domains=")][1:]
        return request.replaced(query="&".join(part for part in parts if part not in later))

    return on_request(first)


@control("lists", "list.empty-parameters is INFO", lambda w: w.list(search="").status_code == 422)
def thirteenth_empty_parameters_are_refused() -> ASGIApp:
    """A query parameter that is given and empty answers 422."""

    return on_request(
        lambda request: (
            unprocessable("query")
            if request.operation == "list" and re.search("(^|&)[a-z]+=(&|$)", request.query)
            else request
        )
    )
