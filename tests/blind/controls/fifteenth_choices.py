"""What sources leave open, decided as real implementations do."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.identifiers import now
from emulator.paging import Pages
from emulator.records import Domain, Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import on_request, on_response, strict
from tests.blind.parts.messages import (
    Object,
    Reply,
    Request,
    reply,
    unprocessable,
    without,
)
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire, deleted, domain, pending, token, verified

replace = dataclasses.replace


@control(
    "organization",
    "FACTS: objects are open",
    lambda w: "slug" in w.made(domain_data=verified(domain()))["domains"][0] or "links" in w.made(),
)
def fifteenth_objects_have_more() -> ASGIApp:
    """Organizations have links, a count and a null that nobody documents."""
    return showing(lambda shown, _: {"links": {"self": f"/x/{shown['id']}"}, **shown, "seats": 0, "parent": None})


@control(
    "organization",
    "FACTS: allow_profiles_outside_organization is optional in an organization",
    lambda w: "allow_profiles_outside_organization" not in w.made(),
)
def fifteenth_deprecated_field_is_gone() -> ASGIApp:
    """Organizations show no allow_profiles_outside_organization."""
    return showing(lambda shown, _: without(shown, "allow_profiles_outside_organization"))


@control(
    "domains",
    "FACTS: state and what belongs to it are optional",
    lambda w: "state" not in w.made(domain_data=verified(domain()))["domains"][0],
    may_warn=True,
)
def fifteenth_domains_are_bare() -> ASGIApp:
    """Domains show neither a state nor a strategy."""
    return showing_domains(lambda shown, _: without(shown, "state", "verification_strategy"))


@control(
    "domains",
    "FACTS: verification_prefix, verification_token and verification_strategy of a domain",
    lambda w: w.made(domain_data=pending(domain()))["domains"][0].get("verification_strategy") == "dns",
)
def fifteenth_pending_domains_wait_for_dns() -> ASGIApp:
    """A pending domain shows a token, a prefix and the strategy dns."""

    def waiting(shown: Object, known: Domain) -> Object:
        more = {"verification_strategy": "dns", "verification_token": "t0k3n", "verification_prefix": "acme-verify"}
        return {**shown, **more} if known.state == "pending" else shown

    return showing_domains(waiting)


@control(
    "domains",
    "domain.created-at: not long before its organization was; nothing of the same moment",
    lambda w: (made := w.made(domain_data=verified(domain())))["domains"][0]["created_at"] > made["created_at"],
)
def fifteenth_domains_are_made_later() -> ASGIApp:
    """The domains of a new organization are three milliseconds younger than it."""

    def later(made: Organization, _: Body) -> Organization:
        moment = made.created_at + 3
        return replace(made, domains=tuple(replace(d, created_at=moment, updated_at=moment) for d in made.domains))

    return creating(later)


def _sorted(w: Wire) -> object:
    names = sorted((domain(), domain()), reverse=True)
    return [each["domain"] for each in w.made(domain_data=verified(*names))["domains"]] == names[::-1]


@control("domains", "no source gives the domains of an organization an order", _sorted)
def fifteenth_domains_are_sorted() -> ASGIApp:
    """The domains of an organization come in the order of the alphabet."""
    return showing(lambda shown, _: {**shown, "domains": sorted(shown["domains"], key=lambda each: each["domain"])})


def _same_row(w: Wire) -> object:
    first, second = domain(), domain()
    made = w.made(domain_data=verified(first))
    changed = w.changed(made["id"], domain_data=verified(first, second))
    return made["domains"][0]["id"] in [each["id"] for each in changed["domains"]]


@control("domains", "update.replaces-domains: which of them, not which rows", _same_row)
def fifteenth_domains_that_stay_keep_their_ids() -> ASGIApp:
    """A domain that an update names again keeps its id and its created_at."""

    class Differing(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            had = {each.domain: each for each in known.domains}
            made = super().replaced_domains(known, body, moment)
            return tuple(
                replace(each, id=had[each.domain].id, created_at=had[each.domain].created_at)
                if each.domain in had
                else each
                for each in made
            )

    return app(changes=Differing())


@control(
    "delete",
    "FACTS: DELETE answers 200 or 202; the body of it is not documented",
    lambda w: w.delete(w.made()["id"]).status_code == 200,
)
def fifteenth_delete_shows_what_was_deleted() -> ASGIApp:
    """A delete answers 200 with an object that says what is gone."""

    def told(request: Request, response: Reply) -> Reply:
        if request.operation != "delete" or not response.good:
            return response
        return reply(200, {"id": request.last, "object": "organization", "deleted": True})

    return on_response(told)


@control(
    "delete",
    "FACTS: 202; R has a text, nobody asks for one",
    lambda w: w.delete(w.made()["id"]).content == b"",
)
def fifteenth_delete_says_nothing() -> ASGIApp:
    """A delete answers 202 with an empty body and no Content-Type."""

    def emptied(request: Request, response: Reply) -> Reply:
        if request.operation != "delete" or not response.good:
            return response
        return response.replaced(body=b"").with_header("content-type", None)

    return on_response(emptied)


def _deleted_listed(w: Wire) -> object:
    made = deleted(w, name=token())
    return made["id"] in w.ids(limit=100)


@control("staleness", "delete.gone-from-lists: within the moment that lists may lag", _deleted_listed, lag=1.0)
def fifteenth_lists_show_deleted_for_a_moment() -> ASGIApp:
    """A list without filters shows a deleted organization for two tenths of a second more."""
    gone: list[tuple[int, Organization]] = []

    class Lagging(Store):
        def delete(self, organization: Organization) -> None:
            gone.append((now(), organization))
            super().delete(organization)

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, limit, search, domain)
            if search or domain is not None or limit == 1:
                return found
            newest = direction.order == "DESC"
            late = [o for moment, o in gone if now() - moment < 200 and (o.key < than if newest else o.key > than)]
            return sorted([*found, *late], key=lambda o: o.key, reverse=newest)[:limit]

    class Known(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            keys = [o.key for _, o in gone if o.id == cursor]
            return keys[0] if keys else super().key(listing, cursor)

    return app(Lagging(), pages=Known)


@control(
    "bodies",
    "create.unknown-property is INFO",
    lambda w: w.create(color="red").status_code == 422,
)
def fifteenth_unknown_properties_are_refused() -> ASGIApp:
    """A property that is not documented answers 422."""
    known = {
        "name",
        "allow_profiles_outside_organization",
        "domains",
        "domain_data",
        "metadata",
        "external_id",
        "stripe_customer_id",
    }
    return strict(lambda body: unprocessable(min(set(body) - known), "should not exist") if set(body) - known else None)


def _by_page(w: Wire) -> object:
    ids = w.many(2)
    return w.http.get(f"{ORGANIZATIONS}/", params={"limit": 1}).status_code == 200 and bool(ids)


@control("paths", "no source speaks of a slash at the end", _by_page)
def fifteenth_trailing_slashes_are_dropped() -> ASGIApp:
    """A slash at the end of a path is overlooked."""
    return on_request(
        lambda request: request.replaced(path=request.path.rstrip("/")) if request.path.endswith("/") else request
    )
