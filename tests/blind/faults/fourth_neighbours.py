"""Neighbours of what was missed: the same mistakes with another parameter, field or operation."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from starlette.types import ASGIApp

from emulator.paging import Pages
from emulator.records import Organization
from emulator.validation import Listing, Query, Rules
from tests.blind.parts.apps import app
from tests.blind.parts.changing import creating, updating
from tests.blind.parts.interception import Forward, intercepting, on_request
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Reply, Request, crash, reply
from tests.blind.parts.stores import EVERYBODY, filtering
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, together, token, verified

FLAG = "allow_profiles_outside_organization"
FIELDS = "fourth: a field that needs another"
LISTS = "fourth: lists"
ERRORS = "fourth: errors"
HTTP = "fourth: HTTP"
RACES = "fourth: races"
NONE = "none: not looked up"


@fault(FIELDS, NONE, lambda w: w.made(external_id=token())["external_id"] is None)
def fourth_external_id_needs_metadata() -> ASGIApp:
    """A create with an external_id and no metadata loses the external_id."""
    return creating(lambda new, body: new if "metadata" in body else replace(new, external_id=None))


@fault(FIELDS, NONE, lambda w: w.made(metadata={"a": "b"})["metadata"] == {})
def fourth_metadata_need_external_id() -> ASGIApp:
    """A create with metadata and no external_id loses the metadata."""
    return creating(lambda new, body: new if "external_id" in body else replace(new, metadata={}))


def flag_alone(w: Wire) -> bool:
    return not w.changed(w.made()["id"], **{FLAG: True})[FLAG]


@fault(FIELDS, NONE, flag_alone)
def fourth_flag_of_update_needs_domains() -> ASGIApp:
    """An update to allow_profiles_outside_organization true is lost where the organization has no domains."""
    return updating(lambda new, known, body: new if new.domains else replace(new, allow_profiles=known.allow_profiles))


def customer_alone(w: Wire) -> bool:
    return "stripe_customer_id" not in w.changed(w.made()["id"], stripe_customer_id=f"cus_{token()}")


@fault(FIELDS, NONE, customer_alone)
def fourth_stripe_customer_needs_external_id() -> ASGIApp:
    """An update of stripe_customer_id is lost where the organization has no external_id."""
    return updating(
        lambda new, known, body: new if new.external_id else replace(new, stripe_customer_id=known.stripe_customer_id)
    )


def descending(w: Wire, **query: str) -> bool:
    text, name = token(), domain()
    ids = w.many(2, name=text, domain_data=verified(name))
    chosen = {"search": text} if query["by"] == "search" else {"domains": name}
    return w.ids(**chosen, order="asc") != ids


@fault(LISTS, NONE, lambda w: descending(w, by="search"))
def fourth_order_ignored_with_search() -> ASGIApp:
    """A search is newest first whatever its order."""
    return listing(lambda asked: replace(asked, order="desc") if asked.search and asked.order == "asc" else asked)


@fault(LISTS, NONE, lambda w: descending(w, by="domains"))
def fourth_order_ignored_with_domains() -> ASGIApp:
    """A list by domains is newest first whatever its order."""
    return listing(lambda asked: replace(asked, order="desc") if asked.domains and asked.order == "asc" else asked)


def mended(condition: str, pattern: str, replacement: str) -> ASGIApp:
    """An app that reads a list's query otherwise where it has some parameter."""

    def change(request: Request) -> Request:
        if request.operation == "list" and re.search(condition, request.query):
            return request.replaced(query=re.sub(pattern, replacement, request.query))
        return request

    return on_request(change)


TOO_MANY = r"limit=(10[1-9]|1[1-9]\d|[2-9]\d\d|\d{4,})"


@fault(LISTS, NONE, lambda w: w.list(domains=domain(), limit=101).status_code == 200)
def fourth_limit_unbounded_with_domains() -> ASGIApp:
    """A list by domains accepts a limit above 100."""
    return mended("domains=", TOO_MANY, "limit=100")


@fault(LISTS, NONE, lambda w: w.list(after=w.made()["id"], limit=101).status_code == 200)
def fourth_limit_unbounded_with_cursor() -> ASGIApp:
    """A page from a cursor accepts a limit above 100."""
    return mended("(after|before)=", TOO_MANY, "limit=100")


@fault(LISTS, NONE, lambda w: w.list(order="asc", limit=101).status_code == 200)
def fourth_limit_unbounded_under_asc() -> ASGIApp:
    """A list under order=asc accepts a limit above 100."""
    return mended("order=asc", TOO_MANY, "limit=100")


@fault(LISTS, NONE, lambda w: w.list(search="a", order="up").status_code == 200)
def fourth_any_order_with_search() -> ASGIApp:
    """A search accepts an unknown order."""
    return mended("search=", r"order=(?!(asc|desc|normal)(&|$))[^&]*", "order=desc")


def pending_hidden(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=pending(name))
    return not w.ids(domains=name)


@fault(LISTS, NONE, pending_hidden)
def fourth_filter_hides_pending() -> ASGIApp:
    """A filter by domain finds no pending domains."""
    return filtering(lambda found, name: any(e.domain == name and e.state != "pending" for e in found.domains))


def later_hidden(w: Wire) -> bool:
    name = domain()
    w.changed(w.made()["id"], domain_data=verified(name))
    return not w.ids(domains=name)


@fault(LISTS, NONE, later_hidden)
def fourth_filter_hides_domains_of_updates() -> ASGIApp:
    """A filter by domain finds no domains that an update set."""
    return filtering(
        lambda found, name: any(e.domain == name and e.created_at == found.created_at for e in found.domains)
    )


def far(condition: Callable[[Listing], object]) -> ASGIApp:
    """An app whose way back gives the far end of what precedes a cursor."""

    class Far(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            cursor = self.back_from(listing)
            if cursor is None or not condition(listing):
                return super().organizations(listing)
            return self.backward(listing, self.key(listing, cursor), EVERYBODY)[::-1][: listing.limit]

    return app(pages=Far)


def newest_of_domain(w: Wire) -> bool:
    name = domain()
    ids = w.many(4, domain_data=verified(name))
    return w.ids(order="desc", domains=name, limit=1, before=ids[0]) != [ids[1]]


@fault(LISTS, NONE, newest_of_domain)
def fourth_desc_before_with_domains_gives_newest() -> ASGIApp:
    """Under order=desc with domains, a page before a cursor holds the newest of all, not the nearest."""
    return far(lambda asked: asked.order == "desc" and asked.domains)


def oldest_of_search(w: Wire) -> bool:
    text = token()
    ids = w.many(4, name=text)
    return w.ids(order="asc", search=text, limit=1, before=ids[3]) != [ids[2]]


@fault(LISTS, NONE, oldest_of_search)
def fourth_asc_before_with_search_gives_oldest() -> ASGIApp:
    """Under order=asc with a search, a page before a cursor holds the oldest of all, not the nearest."""
    return far(lambda asked: asked.order == "asc" and asked.search)


def twenty(condition: Callable[[Listing], object]) -> ASGIApp:
    """An app whose lists have another default limit under a condition."""

    class Default(Rules):
        def listing(self, query: Query) -> Listing:
            asked = super().listing(query)
            return replace(asked, limit=20) if condition(asked) and not query.getlist("limit") else asked

    return app(rules=Default())


def eleven(w: Wire, **query: str) -> bool:
    ids = w.many(12, name=query.get("search", "a"))
    return len(w.ids(**query, **({} if "search" in query else {"after": ids[0]}))) > 10


@fault(LISTS, NONE, lambda w: eleven(w, search=token()))
def fourth_other_default_limit_with_search() -> ASGIApp:
    """A search without a limit holds up to twenty."""
    return twenty(lambda asked: asked.search)


@fault(LISTS, NONE, lambda w: eleven(w, order="asc"))
def fourth_other_default_limit_with_cursor() -> ASGIApp:
    """A page from a cursor without a limit holds up to twenty."""
    return twenty(lambda asked: asked.before or asked.after)


def failing(operation: str, condition: Callable[[str], bool]) -> ASGIApp:
    """An app that fails where the last step of an operation's path is of some kind."""
    return on_request(
        lambda request: crash() if request.operation == operation and condition(unquote(request.last)) else request
    )


@fault(ERRORS, NONE, lambda w: w.lookup("a\0").status_code == 500)
def fourth_lookup_with_nul_fails() -> ASGIApp:
    """The lookup of an external_id with U+0000 answers 500."""
    return failing("lookup", lambda last: "\0" in last)


@fault(ERRORS, NONE, lambda w: w.get("org_\0").status_code == 500)
def fourth_get_with_nul_fails() -> ASGIApp:
    """The get of an id with U+0000 answers 500."""
    return failing("get", lambda last: "\0" in last)


@fault(ERRORS, NONE, lambda w: w.update("org_\xe4", name="a").status_code == 500)
def fourth_update_of_other_letters_fails() -> ASGIApp:
    """The update of an id that is not in ASCII answers 500."""
    return failing("update", lambda last: not last.isascii())


@fault(ERRORS, NONE, lambda w: w.lookup("a" * 300).status_code == 500)
def fourth_long_lookup_fails() -> ASGIApp:
    """The lookup of more than 255 characters answers 500."""
    return failing("lookup", lambda last: len(last) > 255)


@fault(ERRORS, NONE, lambda w: w.delete("org_" + "A" * 300).status_code == 500)
def fourth_deletion_of_long_id_fails() -> ASGIApp:
    """The deletion of an id of more than 255 characters answers 500."""
    return failing("delete", lambda last: len(last) > 255)


@fault(ERRORS, NONE, lambda w: w.list(after="a\0").status_code == 500)
def fourth_cursor_with_nul_fails() -> ASGIApp:
    """A cursor with U+0000 answers 500."""
    return on_request(lambda request: crash() if re.search("(after|before)=[^&]*%00", request.query) else request)


@fault(ERRORS, NONE, lambda w: w.list(domains="a\0").status_code == 500)
def fourth_filter_with_nul_fails() -> ASGIApp:
    """A filter by a domain with U+0000 answers 500."""
    return on_request(lambda request: crash() if re.search("domains=[^&]*%00", request.query) else request)


def padded(operation: str) -> ASGIApp:
    """An app that takes no notice of a space behind the last step of an operation's path."""
    return on_request(
        lambda request: (
            request.replaced(path=request.path.removesuffix("%20")) if request.operation == operation else request
        )
    )


def padded_lookup(w: Wire) -> bool:
    taken = token()
    w.made(external_id=taken)
    return w.lookup(f"{taken} ").status_code == 200


@fault(ERRORS, NONE, padded_lookup)
def fourth_external_id_with_space_found() -> ASGIApp:
    """A lookup finds an external_id with a space behind it, although none is like that."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if response.status == 404 and request.operation == "lookup":
            return await forward(request.replaced(path=request.path.removesuffix("%20")))
        return response

    return intercepting(handle)


@fault(ERRORS, NONE, lambda w: w.delete(f"{w.made()['id']} ").status_code == 202)
def fourth_id_with_space_deleted() -> ASGIApp:
    """A deletion takes an id with a space behind it for the id."""
    return padded("delete")


@fault(
    HTTP, NONE, lambda w: w.http.get("/organizations", headers={"Content-Type": "application/json"}).status_code == 400
)
def fourth_get_with_content_type_refused() -> ASGIApp:
    """A GET with Content-Type application/json and no body answers 400."""
    return on_request(
        lambda request: (
            reply(400, {"message": "Body cannot be empty"})
            if request.method == "GET" and request.header("content-type")
            else request
        )
    )


@fault(HTTP, NONE, lambda w: w.post('{"name": "a"}', Content_Type="application/json; charset=utf-8").status_code == 415)
def fourth_charset_refused() -> ASGIApp:
    """A create whose Content-Type has a charset answers 415."""
    return on_request(
        lambda request: (
            reply(415, {"message": "Unsupported Media Type"}) if ";" in request.header("content-type") else request
        )
    )


def alone(operation: str) -> ASGIApp:
    """An app that fails at an operation while it is carrying out another of the kind."""
    running: list[int] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != operation or not request.authorized:
            return await forward(request)
        if running:
            return crash()
        running.append(1)
        await asyncio.sleep(0.005)
        response = await forward(request)
        running.clear()
        return response

    return intercepting(handle)


def some_fail(*calls: Callable[[], int]) -> bool:
    return 500 in together(*calls)


@fault(RACES, NONE, lambda w: some_fail(*[lambda: w.create().status_code] * 4))
def fourth_creates_at_once_fail() -> ASGIApp:
    """Of creates at once, all but the first answer 500."""
    return alone("create")


@fault(RACES, NONE, lambda w: some_fail(*[lambda: w.list().status_code] * 4))
def fourth_lists_at_once_fail() -> ASGIApp:
    """Of lists at once, all but the first answer 500."""
    return alone("list")


def updates_fail(w: Wire) -> bool:
    ids = w.many(4)
    return some_fail(*(lambda id=id: w.update(id, name="Other").status_code for id in ids))


@fault(RACES, NONE, updates_fail)
def fourth_updates_of_several_at_once_fail() -> ASGIApp:
    """Of updates of different organizations at once, all but the first answer 500."""
    return alone("update")
