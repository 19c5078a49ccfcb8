"""Domains that are kept, shown or found otherwise."""

from __future__ import annotations

from dataclasses import replace

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.paging import Page, Pages
from emulator.records import Domain, Organization
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.parts.apps import app, showing_domains
from tests.blind.parts.interception import Forward, intercepting, relisted, reshaped
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Object, Reply, Request
from tests.blind.parts.stores import filtering
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

KIND = "fourth: domains"
NONE = "none: not looked up"


def states(organization: Object) -> dict[str, str]:
    return {each["domain"]: each["state"] for each in organization["domains"]}


def last_state(w: Wire) -> bool:
    first, second = domain(), domain()
    made = w.made(domain_data=[{"domain": first, "state": "verified"}, {"domain": second, "state": "pending"}])
    return states(made)[first] == "pending"


@fault(KIND, NONE, last_state, "a variable declared outside of the loop")
def fourth_last_state_for_all_domains() -> ASGIApp:
    """All domains of one domain_data get the state of the last."""

    class Last(Changes):
        def domains(self, body: Body, moment: int) -> tuple[Domain, ...]:
            data = body.get("domain_data") or []
            return super().domains(
                {**body, "domain_data": [{**item, "state": data[-1]["state"]} for item in data]}, moment
            )

    return app(changes=Last())


def second_pending(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=verified(name))
    return states(w.made(domain_data=verified(name)))[name] == "pending"


@fault(KIND, NONE, second_pending, "a domain is verified for who came first")
def fourth_domain_verified_elsewhere_is_pending() -> ASGIApp:
    """A create with a verified domain that another organization has verified makes it pending."""

    class First(Changes):
        def __init__(self) -> None:
            super().__init__()
            self._seen: set[str] = set()

        def created(self, body: Body) -> Organization:
            made = super().created(body)
            domains = tuple(
                replace(each, state="pending") if each.state == "verified" and each.domain in self._seen else each
                for each in made.domains
            )
            self._seen |= {each.domain for each in made.domains if each.state == "verified"}
            return replace(made, domains=domains)

    return app(changes=First())


def www_lost(w: Wire) -> bool:
    name = f"www.{domain()}"
    return name not in states(w.made(domain_data=verified(name)))


@fault(KIND, NONE, www_lost, "a normalizer for addresses of websites")
def fourth_www_cut_off() -> ASGIApp:
    """A domain in domain_data loses www. at its beginning."""

    class Cutting(Changes):
        def stated_domain(self, domain: str, state: str, moment: int) -> Domain:
            return super().stated_domain(domain.removeprefix("www."), state, moment)

    return app(changes=Cutting())


def subdomain_lost(w: Wire) -> bool:
    name = domain()
    return len(w.made(domain_data=verified(name, f"mail.{name}"))["domains"]) == 1


@fault(KIND, NONE, subdomain_lost, "a domain covers its subdomains")
def fourth_subdomain_of_another_left_out() -> ASGIApp:
    """A domain is not kept where the organization has the domain above it."""

    class Covering(Changes):
        def domains(self, body: Body, moment: int) -> tuple[Domain, ...]:
            found = super().domains(body, moment)
            names = [each.domain for each in found]
            return tuple(each for each in found if not any(each.domain.endswith(f".{name}") for name in names))

    return app(changes=Covering())


def unicode_shown(w: Wire) -> bool:
    name = f"xn--mnchen-3ya.{domain()}"
    return name not in states(w.made(domain_data=verified(name)))


@fault(KIND, NONE, unicode_shown, "a URI class that shows names for people")
def fourth_punycode_shown_as_unicode() -> ASGIApp:
    """A domain in Punycode is shown in Unicode."""

    def change(shown: Object, _: Domain) -> Object:
        if "xn--" not in shown["domain"]:
            return shown
        try:
            return {**shown, "domain": shown["domain"].encode().decode("idna")}
        except UnicodeError:
            return shown

    return showing_domains(change)


def five_listed(w: Wire) -> bool:
    id = w.made(domain_data=verified(*(domain() for _ in range(7))))["id"]
    return len(w.listed(id)["domains"]) == 5


@fault(KIND, NONE, five_listed, "a preload with a limit")
def fourth_list_shows_five_domains() -> ASGIApp:
    """Lists show the first five domains of an organization."""
    return reshaped(lambda shown: {**shown, "domains": shown["domains"][:5]}, "list")


def foreign_owner(w: Wire) -> bool:
    first = w.made(domain_data=verified(domain()))["id"]
    w.made(domain_data=verified(domain()))
    return bool(w.listed(first)["domains"][0]["organization_id"] != first)


@fault(KIND, NONE, foreign_owner, "a batch loader that hands the first key to all")
def fourth_listed_domains_belong_to_first() -> ASGIApp:
    """In a list, all domains carry the id of the first organization that has any."""

    def change(page: Object) -> Object:
        owner = next((each["id"] for each in page["data"] if each["domains"]), None)
        for each in page["data"]:
            for one in each["domains"]:
                one["organization_id"] = owner
        return page

    return relisted(change)


def capital_state(w: Wire) -> bool:
    id = w.made(domain_data=verified(domain()))["id"]
    return bool(w.listed(id)["domains"][0]["state"] == "VERIFIED")


@fault(KIND, NONE, capital_state, "an enum that only one mapper translates")
def fourth_listed_states_in_capitals() -> ASGIApp:
    """Lists show the states of domains in capital letters."""
    return reshaped(
        lambda shown: {**shown, "domains": [{**each, "state": each["state"].upper()} for each in shown["domains"]]},
        "list",
    )


def null_token(w: Wire) -> bool:
    return w.made(domain_data=verified(domain()))["domains"][0].get("verification_token", "") is None


@fault(KIND, NONE, null_token, "an entity without JsonInclude.NON_NULL")
def fourth_token_of_verified_is_null() -> ASGIApp:
    """Verified domains show null as their verification_token."""
    return showing_domains(
        lambda shown, each: {**shown, "verification_token": None} if each.state == "verified" else shown
    )


def legacy_hidden(w: Wire) -> bool:
    name = domain()
    w.made(domains=[name])
    return not w.ids(domains=name)


@fault(KIND, NONE, legacy_hidden, "WHERE state IN ('verified', 'pending')")
def fourth_filter_hides_legacy_verified() -> ASGIApp:
    """A filter by domain finds no domains that are legacy_verified."""
    return filtering(
        lambda organization, name: any(
            each.domain == name and each.state != "legacy_verified" for each in organization.domains
        )
    )


def later_hidden(w: Wire) -> bool:
    name = domain()
    w.changed(w.made()["id"], domains=[name])
    return not w.ids(domains=name)


@fault(KIND, NONE, later_hidden, "an index that the path of old clients forgot")
def fourth_filter_hides_domains_of_old_updates() -> ASGIApp:
    """A filter by domain finds no domains that an update set by the deprecated field."""

    def has(organization: Organization, name: str) -> bool:
        return any(
            each.domain == name and not (each.state == "legacy_verified" and each.created_at > organization.created_at)
            for each in organization.domains
        )

    return filtering(has)


def sixth_ignored(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=verified(name))
    return not w.ids(domains=",".join([*(domain() for _ in range(5)), name]))


@fault(KIND, NONE, sixth_ignored, "a cap on IN lists")
def fourth_filter_takes_five_domains() -> ASGIApp:
    """A filter by more than five domains uses the first five."""
    return listing(lambda asked: replace(asked, domains=asked.domains[:5]))


def walk_ends(w: Wire) -> bool:
    first, second = domain(), domain()
    ids = [w.made(domain_data=verified(first))["id"] for _ in range(3)]
    ids.append(w.made(domain_data=verified(first, second))["id"])
    return set(w.walk(domains=f"{first},{second}", limit=2, order="desc")) != set(ids)


@fault(KIND, NONE, walk_ends, "LIMIT on the rows of a join")
def fourth_rows_of_join_are_counted() -> ASGIApp:
    """A page by several domains counts an organization once per match, and seems the last one when that fills it."""

    def change(pages: Pages, asked: Listing, page: Page) -> Page:
        kept: list[Organization] = []
        rows = 0
        for each in page.organizations:
            rows += max(1, len({one.domain for one in each.domains} & set(asked.domains)))
            if rows > asked.limit and kept:
                return Page(kept, page.before, None)
            kept.append(each)
        return page

    return paged(change)


def removed_elsewhere(w: Wire) -> bool:
    name = domain()
    first, second = (w.made(domain_data=verified(name))["id"] for _ in range(2))
    w.delete(first)
    return not w.shown(second)["domains"]


@fault(KIND, NONE, removed_elsewhere, "DELETE FROM domains WHERE domain IN (...)")
def fourth_delete_removes_domain_elsewhere() -> ASGIApp:
    """The deletion of an organization takes its domains from the others that have them."""

    class Sweeping(Store):
        def delete(self, organization: Organization) -> None:
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))
            super().delete(organization)

    return app(Sweeping())


def merged_creates(w: Wire) -> bool:
    name = token()
    return bool(w.made(name=name)["id"] == w.made(name=name)["id"])


@fault("fourth: creates", NONE, merged_creates, "a guard against double clicks")
def fourth_equal_creates_in_a_row_are_one() -> ASGIApp:
    """A create with the body of the create before it, and no external_id, answers with what that one made."""
    last: dict[bytes, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.operation != "create" or b"external_id" in request.body or not request.authorized:
            return await forward(request)
        known = last.get(request.body)
        last.clear()
        response = known or await forward(request)
        if response.status == 201:
            last[request.body] = response
        return response

    return intercepting(handle)
