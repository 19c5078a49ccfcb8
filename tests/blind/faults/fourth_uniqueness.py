"""Values that are taken too often or too seldom, and lists that two conditions break."""

from __future__ import annotations

from dataclasses import replace

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.paging import Page, Pages
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.parts.stores import Loose
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

LISTS = "fourth: lists"
NONE = "none: not looked up"


def customer_in_other_case(w: Wire) -> bool:
    customer = token()
    first, second = w.many(2)
    w.changed(first, stripe_customer_id=f"cus_A{customer}")
    return w.update(second, stripe_customer_id=f"cus_a{customer}").status_code == 400


@fault("fourth: uniqueness", NONE, customer_in_other_case, "a unique index under a collation of MySQL")
def fourth_stripe_customers_in_other_case_taken() -> ASGIApp:
    """A stripe_customer_id is taken when another organization has it in other case."""

    class Folding(Store):
        def update(self, organization: Organization) -> None:
            found = self._connection.execute(
                "SELECT TRUE FROM organization WHERE lower(stripe_customer_id) = lower(?) AND id <> ?",
                (organization.stripe_customer_id, organization.id),
            ).fetchall()
            if found:
                raise Taken("stripe_customer_id")
            super().update(organization)

    return app(Folding())


def id_taken(w: Wire) -> bool:
    return w.create(external_id=w.made()["id"]).status_code == 400


@fault("fourth: uniqueness", NONE, id_taken, "one table of aliases for both identifiers")
def fourth_ids_are_taken_external_ids() -> ASGIApp:
    """An external_id that is the id of an organization is refused as taken."""

    class Aliases(Store):
        def insert(self, organization: Organization) -> None:
            if organization.external_id and self.by_id(organization.external_id):
                raise Taken("external_id")
            super().insert(organization)

    return app(Aliases())


def both_given(w: Wire) -> bool:
    customer = f"cus_{token()}"
    first, second = w.many(2)
    w.changed(first, stripe_customer_id=customer)
    return w.update(second, stripe_customer_id=customer, external_id=token()).status_code == 200


@fault("fourth: uniqueness", NONE, both_given, "an else between two checks")
def fourth_taken_stripe_customer_unseen_with_external_id() -> ASGIApp:
    """A taken stripe_customer_id is accepted in an update that has an external_id as well."""
    both: list[bool] = []

    class Checked(Loose):
        def update(self, organization: Organization) -> None:
            found = self._connection.execute(
                "SELECT TRUE FROM organization WHERE stripe_customer_id = ? AND id <> ?",
                (organization.stripe_customer_id, organization.id),
            ).fetchall()
            if found and not both[-1]:
                raise Taken("stripe_customer_id")
            super().update(organization)

    class Noting(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            both[:] = ["external_id" in body]
            return super().updated(known, body)

    return app(Checked("stripe_customer_id"), changes=Noting())


def later_owner(w: Wire) -> bool:
    taken = token()
    w.changed(w.made()["id"], external_id=taken)
    return w.create(external_id=taken).status_code == 201


@fault("fourth: uniqueness", NONE, later_owner, "a set of taken values that only creates fill")
def fourth_external_id_of_update_not_taken() -> ASGIApp:
    """An external_id that an organization got by an update may be given to another by a create."""
    early: dict[str, str] = {}

    class Checked(Loose):
        def insert(self, organization: Organization) -> None:
            wanted = organization.external_id
            owner = self.by_id(early.get(wanted or "", ""))
            if wanted and owner and owner.external_id == wanted:
                raise Taken("external_id")
            super().insert(organization)
            early[wanted or ""] = organization.id

        def update(self, organization: Organization) -> None:
            found = self._connection.execute(
                "SELECT TRUE FROM organization WHERE external_id = ? AND id <> ?",
                (organization.external_id, organization.id),
            ).fetchall()
            if found:
                raise Taken("external_id")
            super().update(organization)

    return app(Checked("external_id"))


def other_code(w: Wire) -> bool:
    customer = f"cus_{token()}"
    first, second = w.many(2)
    w.changed(first, stripe_customer_id=customer)
    return bool(w.update(second, stripe_customer_id=customer).json()["code"] == "external_id_already_used")


@fault("fourth: errors", NONE, other_code, "one handler for all violations of a unique index")
def fourth_one_code_for_all_conflicts() -> ASGIApp:
    """A taken stripe_customer_id answers with the code external_id_already_used."""

    def change(_: Request, response: Reply) -> Reply:
        if response.status == 400 and response.json.get("code") == "stripe_customer_id_already_used":
            return response.with_json({**response.json, "code": "external_id_already_used"})
        return response

    return on_response(change)


def no_way_back(w: Wire) -> bool:
    name = domain()
    ids = w.many(3, domain_data=verified(name))
    return w.cursors(domains=name, order="desc", limit=1, after=ids[2])[0] is None


@fault(LISTS, NONE, no_way_back, "cursors of another query builder")
def fourth_no_before_with_domains() -> ASGIApp:
    """A list by domains never has a cursor back."""
    return paged(
        lambda pages, asked, page: replace(page, before=None) if asked.domains and asked.order == "desc" else page
    )


def never_ends(w: Wire) -> bool:
    text = token()
    ids = w.many(2, name=text)
    return bool(w.cursors(search=text, order="asc", limit=2)[1] == ids[1])


@fault(LISTS, NONE, never_ends, "`len(page) == limit` for more")
def fourth_full_last_page_goes_on() -> ASGIApp:
    """In a search under order=asc, a last page that is full has a cursor onwards."""

    def change(pages: Pages, asked: Listing, page: Page) -> Page:
        found = page.organizations
        goes_on = asked.search and asked.order == "asc" and len(found) == asked.limit and page.after is None
        return replace(page, after=found[-1].id) if goes_on else page

    return paged(change)


def not_filtered(w: Wire) -> bool:
    w.made()
    return bool(w.ids(domains=domain(), order="normal"))


@fault(LISTS, NONE, not_filtered, "a branch of an old version")
def fourth_normal_ignores_domains() -> ASGIApp:
    """A list under order=normal is not filtered by domains."""
    return listing(lambda asked: replace(asked, domains=()) if asked.order == "normal" else asked)


def search_wins(w: Wire) -> bool:
    text = token()
    w.made(name=text)
    return bool(w.ids(search=text, domains=domain()))


@fault(LISTS, NONE, search_wins, "if search ... else if domains")
def fourth_domains_ignored_with_search() -> ASGIApp:
    """A search is not filtered by domains."""
    return listing(lambda asked: replace(asked, domains=()) if asked.search else asked)


@fault(
    "fourth: HTTP",
    NONE,
    lambda w: w.http.get("/organizations", headers={"Accept": "application/json;q=0.9"}).status_code == 406,
    "a comparison of texts",
)
def fourth_accept_with_weight_refused() -> ASGIApp:
    """A request whose Accept has a weight answers 406."""
    return on_request(
        lambda request: reply(406, {"message": "Not Acceptable"}) if "q=" in request.header("accept") else request
    )
