"""Faults that show the second time, or when something of the kind was done before."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.paging import Pages
from emulator.records import Domain, Organization
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.parts.apps import app, reading, showing_domains
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Object, Reply, Request, bad_request
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, together, token, verified

AGAIN = "the second time"


def _accumulated(w: Wire) -> bool:
    id = w.made(domain_data=verified(domain()))["id"]
    w.changed(id, domain_data=verified(domain()))
    return len(w.changed(id, domain_data=verified(domain()))["domains"]) == 2


@fault(AGAIN, "none: an update replaces the domains", _accumulated, "a flag `dirty` that is never taken back")
def domains_are_replaced_once() -> ASGIApp:
    """The first update with domains replaces them, later ones add to them."""
    counts: Counter[str] = Counter()

    class Adding(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            found = super().replaced_domains(known, body, moment)
            if "domain_data" not in body:
                return found
            counts[known.id] += 1
            names = {each.domain for each in found}
            more = [each for each in known.domains if each.domain not in names] if counts[known.id] > 1 else []
            return (*found, *more)

    return app(changes=Adding())


def _second_missing(w: Wire) -> bool:
    made, last = w.made(external_id=token()), token()
    w.changed(made["id"], external_id=token())
    w.changed(made["id"], external_id=last)
    return w.lookup(last).status_code == 404


@fault(AGAIN, "none: a lookup finds", _second_missing, "an index that is written once for each id")
def the_second_new_external_id_is_not_looked_up() -> ASGIApp:
    """A lookup finds an organization by the external_id of its first update, but not by that of the second."""
    counts: Counter[str] = Counter()
    lost: set[str] = set()

    class Once(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            super().update(organization)
            if known and organization.external_id and known.external_id != organization.external_id:
                counts[organization.id] += 1
                if counts[organization.id] > 1:
                    lost.add(organization.external_id)

        def by_external_id(self, external_id: str) -> Organization | None:
            return None if external_id in lost else super().by_external_id(external_id)

    return app(Once())


def _emptied_once(w: Wire) -> bool:
    id = w.made(metadata={"a": "1"})["id"]
    w.changed(id, metadata={})
    w.changed(id, metadata={"b": "2"})
    return bool(w.changed(id, metadata={})["metadata"] == {"b": "2"})


@fault(AGAIN, "none: {} removes all", _emptied_once, "a comparison with the last request")
def metadata_are_emptied_once() -> ASGIApp:
    """The second `metadata: {}` of an organization removes nothing."""
    emptied: set[str] = set()

    class Once(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            if body.get("metadata") != {}:
                return super().next_metadata(known, body)
            if known.id in emptied:
                return known.metadata
            emptied.add(known.id)
            return {}

    return app(changes=Once())


def _reserved_by_update(w: Wire) -> bool:
    text = token()
    refused = w.update(w.made()["id"], external_id=text, metadata={"a": 5})
    return refused.status_code == 400 and w.create(external_id=text).status_code == 400


@fault(AGAIN, "none: a refused update leaves nothing", _reserved_by_update, "a lock that is never released")
def a_refused_update_keeps_the_external_id() -> ASGIApp:
    """The external_id of a refused update cannot be used any more."""
    reserved: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation in ("create", "update") and request.authorized else None
        text = body.get("external_id") if isinstance(body, dict) else None
        if isinstance(text, str) and text in reserved:
            return bad_request("external_id_already_used")
        response = await forward(request)
        if isinstance(text, str) and request.operation == "update" and response.status in (400, 422):
            reserved.update([] if b"already_used" in response.body else [text])
        return response

    return intercepting(handle)


def _former_domain(w: Wire) -> bool:
    name = domain()
    first, second = w.many(2, domain_data=verified(name))
    w.changed(first, domain_data=verified(domain()))
    return bool(w.cursors(domains=name)[1] == second)


@fault(AGAIN, "none: no cursor on the last page", _former_domain, "a count from an index that lags")
def what_lost_its_domain_counts_as_more() -> ASGIApp:
    """The last page of a filter has a cursor where an organization follows that once had the domain."""
    former: dict[str, set[str]] = {}

    class Former(Store):
        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            former.setdefault(organization.id, set()).update(each.domain for each in (known.domains if known else ()))
            super().update(organization)

    class Counting(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            found = super().cursor_onwards(listing, page)
            if found or not page or not listing.domains:
                return found
            rest = self.onwards(replace(listing, domains=()), page[-1].key, 1000)
            had = any({*listing.domains} & former.get(each.id, set()) for each in rest)
            return page[-1].id if had else None

    return app(Former(), pages=Counting)


def _first_is_filled(w: Wire) -> bool:
    first, second, third = w.many(3)
    return w.ids(order="asc", before=second, limit=2) == [first, second] and third is not None


@fault(AGAIN, "none: before gives what comes before", _first_is_filled, "max(0, offset - limit)")
def the_ascending_way_back_always_fills_its_page() -> ASGIApp:
    """With order=asc, a page of `before` at the start of the list goes on with the cursor and what follows."""

    class Filling(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            found = super().organizations(listing)
            if listing.order != "asc" or listing.before is None or len(found) == listing.limit:
                return found
            return self.onwards(listing, self.start(replace(listing, before=None, after=None)), listing.limit)

    return app(pages=Filling)


def _made_again(w: Wire) -> bool:
    made = w.made(domain_data=verified(domain()))
    return bool(w.changed(made["id"], name="Other")["domains"][0]["created_at"] != made["domains"][0]["created_at"])


@fault(AGAIN, "none: fields left out keep their value", _made_again, "rows that are written anew")
def domains_are_made_again_by_each_update() -> ASGIApp:
    """An update without domains moves the created_at of the known ones."""

    class Anew(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            found = super().replaced_domains(known, body, moment)
            return tuple(replace(each, created_at=moment, updated_at=moment) for each in found)

    return app(changes=Anew())


def _before_its_parent(w: Wire) -> bool:
    made = w.made(domain_data=verified(domain()))
    return bool(made["domains"][0]["created_at"] < made["created_at"][:19])


@fault(AGAIN, "none: a domain was made when it was made", _before_its_parent, "the clock of another machine")
def domains_are_older_than_their_organization() -> ASGIApp:
    """A domain was made an hour before the organization that it was made with."""

    def older(value: Object, each: Domain) -> Object:
        hour = f"{(int(value['created_at'][11:13]) - 1) % 24:02}"
        day = value["created_at"][:11] if hour != "23" else "2026-01-01T"
        return {**value, "created_at": f"{day}{hour}{value['created_at'][13:]}"}

    return showing_domains(older)


def _mixed(w: Wire) -> bool:
    ids = w.many(6)
    shown = together(*[lambda id=id: w.shown(id)["id"] for id in ids])
    return shown != ids


@fault(AGAIN, "none: a get shows what was asked for", _mixed, "a buffer shared by all requests")
def gets_at_once_answer_with_the_latest() -> ASGIApp:
    """A get answers with what the latest get a few milliseconds later found."""
    latest: list[Reply] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation != "get" or not response.good:
            return response
        latest.append(response)
        await asyncio.sleep(0.01)
        return latest[-1]

    return intercepting(handle)


def _both_gone(w: Wire) -> bool:
    ids = w.many(6)
    return 500 in [response.status_code for response in together(*[lambda id=id: w.delete(id) for id in ids])]


@fault(AGAIN, "none: no crash", _both_gone, "a lock on the whole table")
def deletes_at_once_crash() -> ASGIApp:
    """While one delete is carried out, another one is answered with 500."""
    running: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "delete":
            return await forward(request)
        if running:
            return Reply(500, (("content-type", "application/json"),), b'{"message":"Deadlock"}')
        running.add(request.path)
        try:
            await asyncio.sleep(0.02)
            return await forward(request)
        finally:
            running.discard(request.path)

    return intercepting(handle)


def _cut_customer(w: Wire) -> bool:
    customer = f"cus_{'x' * 40}"
    return bool(w.changed(w.made()["id"], stripe_customer_id=customer)["stripe_customer_id"] != customer)


@fault(AGAIN, "none: a customer comes back", _cut_customer, "a column of 32 characters")
def customers_are_cut() -> ASGIApp:
    """A stripe_customer_id ends after 32 characters."""
    return reading(stripe_customer_id=lambda text: text[:32])


def _signed(w: Wire) -> bool:
    return bool(w.changed(w.made()["id"], stripe_customer_id="cus_a-b")["stripe_customer_id"] == "cus_ab")


@fault(AGAIN, "none: a customer comes back", _signed, "what is no letter and no digit, taken out")
def customers_lose_their_signs() -> ASGIApp:
    """A stripe_customer_id loses whatever is no letter, no digit and no underscore."""
    return reading(stripe_customer_id=lambda text: re.sub(r"\W", "", text))
