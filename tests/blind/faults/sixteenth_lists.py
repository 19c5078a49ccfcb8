"""Lists: what is in them, in which order, how much of it, and for whom."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

from starlette.types import ASGIApp

from emulator.paging import NEWEST, Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing, Rules
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response, relisted
from tests.blind.parts.listing import requery
from tests.blind.parts.messages import Reply, Request, reply, unprocessable, without
from tests.blind.parts.stores import EVERYBODY
from tests.blind.parts.twelfth import parameter
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


@fault(
    "shape",
    "list.object",
    lambda w: "object" not in w.list(search=token()).json(),
    "searches are answered by a handler of their own",
)
def sixteenth_found_lists_have_no_name() -> ASGIApp:
    """A list with a search does not say that it is one."""
    return on_response(
        lambda request, r: r.with_json(without(r.json, "object")) if r.good and parameter(request, "search") else r
    )


@fault("shape", "list.data", lambda w: w.list(search=token()).json()["data"] is None, "Go: var data []Organization")
def sixteenth_no_matches_are_null() -> ASGIApp:
    """The data of a list without matches are null."""
    return relisted(lambda page: page if page["data"] else {**page, "data": None})


@fault(
    "shape",
    "list.cursors",
    lambda w: "before" not in w.list().json()["list_metadata"],
    "pydantic: response_model_exclude_none=True",
)
def sixteenth_null_cursors_are_left_out() -> ASGIApp:
    """A cursor that leads nowhere is left out of list_metadata."""
    return relisted(
        lambda page: {
            **page,
            "list_metadata": {name: cursor for name, cursor in page["list_metadata"].items() if cursor is not None},
        }
    )


def _crawled(w: Wire) -> object:
    return w.http.get("/organizations", headers={"User-Agent": ""}).status_code == 403


@fault("headers", "list.any-client", _crawled, "a firewall's rule: a request without User-Agent is a bot")
def sixteenth_clients_without_a_name() -> ASGIApp:
    """A list for a client that sends no User-Agent, or an empty one, answers 403."""
    return on_request(
        lambda request: (
            reply(403, {"message": "Forbidden"})
            if request.operation == "list" and not request.header("user-agent")
            else request
        )
    )


def _not_acceptable(w: Wire) -> object:
    headers = {"Accept": "application/json, text/plain, */*"}
    return w.http.get("/organizations", headers=headers).status_code == 406


@fault("headers", "list.any-client", _not_acceptable, "if accept not in ('application/json', '*/*')")
def sixteenth_accept_is_compared_whole() -> ASGIApp:
    """A list answers 406 where Accept names more than application/json or */* alone."""

    def judged(request: Request) -> Request | Reply:
        several = request.operation == "list" and request.header("accept") not in ("", "*/*", "application/json")
        return reply(406, {"message": "Not Acceptable"}) if several else request

    return on_request(judged)


def _as_created(w: Wire) -> object:
    id = w.made(metadata={"plan": "old"})["id"]
    w.changed(id, metadata={"plan": "new"})
    time.sleep(0.1)
    return w.listed(id)["metadata"] == {"plan": "old"}


@fault("staleness", "list.current-state", _as_created, "lists read a document that the create wrote")
def sixteenth_lists_show_first_metadata() -> ASGIApp:
    """A list shows the metadata with which an organization was made."""
    first: dict[str, Any] = {}

    def noted(request: Request, response: Reply) -> Reply:
        if request.operation == "create" and response.status == 201:
            first.setdefault(response.json["id"], response.json["metadata"])
        if request.operation != "list" or response.status != 200:
            return response
        data = [{**each, "metadata": first.get(each["id"], each["metadata"])} for each in response.json["data"]]
        return response.with_json({**response.json, "data": data})

    return on_response(noted)


def chosen(keep: Any) -> ASGIApp:
    """An app whose lists leave out what is not to be kept."""

    class Choosing(Store):
        def _walk(self, direction: Any, than: Key, limit: int, search: str, domain: str | None) -> list[Organization]:
            return [each for each in super()._walk(direction, than, EVERYBODY, search, domain) if keep(each)][:limit]

    return app(Choosing())


@fault("lists", "list.shows-created", lambda w: w.made()["id"] not in w.ids(), "SQL: JOIN where LEFT JOIN is meant")
def sixteenth_lists_join_domains() -> ASGIApp:
    """A list leaves out organizations without domains."""
    return chosen(lambda organization: organization.domains)


class Sorted(Pages):
    """Pages of a list that has an order of its own; cursors lead along it."""

    def rank(self, organization: Organization) -> Any:
        """Where an organization stands: the least is the oldest."""
        return organization.key

    def _around(self, listing: Listing, key: Key, limit: int, *, newer: bool) -> list[Organization]:
        every = super().older(listing, NEWEST, EVERYBODY)
        known = self.store.by_id(key[1])
        at = None if known is None else self.rank(known)
        beyond = [each for each in every if at is None or (self.rank(each) > at if newer else self.rank(each) < at)]
        return sorted(beyond, key=self.rank, reverse=not newer)[:limit]

    def newer(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        """The next ones on the way to the newest."""
        return self._around(listing, key, limit, newer=True)

    def older(self, listing: Listing, key: Key, limit: int) -> list[Organization]:
        """The next ones on the way to the oldest."""
        return self._around(listing, key, limit, newer=False)


def _moved_up(w: Wire) -> object:
    first, second = w.many(2)
    w.changed(first, name="Other")
    return w.ids(limit=2) == [first, second]


@fault("order", "list.newest-first", _moved_up, "ORDER BY updated_at DESC")
def sixteenth_lists_by_last_change() -> ASGIApp:
    """Lists are ordered by the last change instead of the creation."""

    class Changed(Sorted):
        def rank(self, organization: Organization) -> Any:
            return organization.updated_at, organization.id

    return app(pages=Changed)


def _by_length(w: Wire) -> object:
    name = token()
    ids = [w.made(name=name + "x" * more)["id"] for more in (1, 0, 2)]
    return w.ids(search=name, order="desc") == [ids[1], ids[0], ids[2]]


@fault("order", "list.order", _by_length, "Elasticsearch: no sort beside the query, so by score")
def sixteenth_searches_by_relevance() -> ASGIApp:
    """A list with a search begins with the best match, the shortest name, whatever the order."""

    class Relevant(Sorted):
        def _around(self, listing: Listing, key: Key, limit: int, *, newer: bool) -> list[Organization]:
            if not listing.search:
                return Pages.newer(self, listing, key, limit) if newer else Pages.older(self, listing, key, limit)
            self.sign = -1 if self.oldest_first(listing) else 1
            return super()._around(listing, key, limit, newer=newer)

        def rank(self, organization: Organization) -> Any:
            return -self.sign * len(organization.name), self.sign * organization.created_at, organization.id

    return app(pages=Relevant)


def _normal_is_oldest(w: Wire) -> object:
    name = token()
    ids = w.many(2, name=name)
    return w.ids(search=name, order="normal") == ids


@fault("order", "list.order", _normal_is_oldest, "order === 'desc' ? 'DESC' : 'ASC'")
def sixteenth_normal_is_oldest_first() -> ASGIApp:
    """order=normal lists the oldest first."""
    return requery("(^|&)order=normal(?=&|$)", r"\1order=asc")


@fault(
    "order",
    "list.order-unknown",
    lambda w: w.list(order="newest").status_code == 200,
    "ORDERS.get(order, 'DESC')",
)
def sixteenth_unknown_order_is_desc() -> ASGIApp:
    """An order that is not documented is taken as desc."""
    return requery("(^|&)order=(?!(?:asc|desc|normal)(?:&|$))[^&]*", r"\1order=desc")


@fault(
    "limit",
    "list.default-limit",
    lambda w: w.many(12) and len(w.ids()) > 10,
    "the framework's page size",
)
def sixteenth_default_of_twenty() -> ASGIApp:
    """Without a limit a page holds up to 20 organizations."""

    class Twenty(Rules):
        def default(self, name: str) -> Any:
            return 20 if name == "limit" else super().default(name)

    return app(rules=Twenty())


def _one_more(w: Wire) -> object:
    ids = w.many(4)
    return len(w.ids(order="desc", before=ids[0], limit=2)) == 3


@fault("limit", "list.limit", _one_more, "the row that was read to look ahead is taken off one end alone")
def sixteenth_look_ahead_stays_on_the_way_back() -> ASGIApp:
    """A page in front of a cursor holds one organization more than the limit where there is one."""

    class Ahead(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            more = 1 if self.back_from(listing) is not None else 0
            return super().organizations(dataclasses.replace(listing, limit=listing.limit + more))

    return app(pages=Ahead)


@fault("limit", "list.limit-out-of-bounds", lambda w: w.list(limit=500).status_code == 200, "Math.min(limit, 100)")
def sixteenth_high_limits_are_lowered() -> ASGIApp:
    """A limit above 100 is taken as 100."""
    return requery("(^|&)limit=0*(?:[2-9][0-9]{2}|1(?!00(?:&|$))[0-9]{2}|[1-9][0-9]{3,})(?=&|$)", r"\1limit=100")


@fault("limit", "list.limit-out-of-bounds", lambda w: w.list(limit=0).status_code == 200, "Number(limit) || 10")
def sixteenth_limit_of_zero_is_none() -> ASGIApp:
    """A limit of 0 counts as not given."""
    return requery("(^|&)limit=0(?=&|$)", r"\1limit=10")


@fault("limit", "list.limit-type", lambda w: w.list(limit="5abc").status_code == 200, "parseInt(limit, 10)")
def sixteenth_limit_begins_with_digits() -> ASGIApp:
    """Of a limit the digits at its beginning count."""
    return requery("(^|&)limit=([0-9]+)[^0-9&][^&]*", r"\1limit=\2")


@fault("limit", "list.accepts-valid-queries", lambda w: w.list(limit=100).status_code == 422, "if limit >= 100")
def sixteenth_limit_of_100_refused() -> ASGIApp:
    """A limit of 100 answers 422."""
    return on_request(lambda request: unprocessable("limit") if parameter(request, "limit") == "100" else request)
