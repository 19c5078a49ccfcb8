"""Faults that need a state, a second request or two fields at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.paging import Page, Pages
from emulator.records import Domain, Organization
from emulator.refusals import Taken
from emulator.responses import Responses
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import lenient, on_request, on_response, reshaped, strict
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Object, Reply, Request, pairs, reply, texts
from tests.blind.parts.stores import DomainStore, Loose
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, domain, token, verified

FLAG = "allow_profiles_outside_organization"
KIND = "fourth: updates"
STATES = "fourth: states"
LISTS = "fourth: lists"
REFUSALS = "fourth: refusals left out"
FIREWALL = "fourth: firewalls"
NONE = "none: not looked up"


def eight_kept(w: Wire) -> bool:
    return len(w.changed(w.made()["id"], domain_data=verified(*(domain() for _ in range(10))))["domains"]) == 8


@fault("fourth: domains", NONE, eight_kept, "a form with eight lines")
def fourth_update_keeps_eight_domains() -> ASGIApp:
    """An update keeps the first eight domains."""
    return updating(lambda new, known, body: replace(new, domains=new.domains[:8]))


def body_refused(w: Wire) -> bool:
    return w.update(w.made()["id"], metadata={f"key{n}": "x" * 600 for n in range(10)}).status_code == 413


@fault(KIND, NONE, body_refused, "a limit of the gateway for PUT")
def fourth_update_above_5000_bytes_refused() -> ASGIApp:
    """An update of more than 5000 bytes answers 413."""
    return on_request(
        lambda request: (
            reply(413, {"message": "Payload Too Large"})
            if request.operation == "update" and len(request.body) > 5000
            else request
        )
    )


def not_set_again(w: Wire) -> bool:
    id = w.made(external_id=token())["id"]
    w.changed(id, external_id=None)
    return w.changed(id, external_id=token())["external_id"] is None


@fault(STATES, NONE, not_set_again, "a flag for unlinked records")
def fourth_cleared_external_id_stays_cleared() -> ASGIApp:
    """An organization whose external_id was cleared never gets another one."""
    cleared: set[str] = set()

    def change(new: Organization, known: Organization, body: Body) -> Organization:
        if known.external_id and new.external_id is None:
            cleared.add(new.id)
        return replace(new, external_id=None) if new.id in cleared else new

    return updating(change)


def inherited(w: Wire) -> bool:
    taken = token()
    id = w.made(external_id=taken)["id"]
    w.changed(id, metadata={"old": "a"})
    w.delete(id)
    return "old" in w.made(external_id=taken, metadata={"new": "b"})["metadata"]


@fault(STATES, NONE, inherited, "an upsert by external_id of rows that are marked as deleted")
def fourth_create_inherits_metadata_of_deleted() -> ASGIApp:
    """A create with the external_id and metadata of its own gets the metadata of a deleted organization as well."""
    left: dict[str, Mapping[str, str]] = {}

    class Marking(Store):
        def delete(self, organization: Organization) -> None:
            if organization.external_id:
                left[organization.external_id] = organization.metadata
            super().delete(organization)

    class Upserting(Changes):
        def created(self, body: Body) -> Organization:
            made = super().created(body)
            old = left.pop(made.external_id or "", {}) if made.metadata else {}
            return replace(made, metadata={**old, **made.metadata})

    return app(Marking(), changes=Upserting())


class Remembering(Responses):
    """Lists keep what a field showed under a condition."""

    def page(self, page: Page) -> Object:
        """The page, altered."""
        shown = super().page(page)
        return {**shown, "data": [self.in_list(each) for each in shown["data"]]}

    def in_list(self, shown: Object) -> Object:
        """An organization of a list."""
        raise NotImplementedError


def found_in_list(w: Wire, id: str) -> Object:
    return next(each for each in w.list(limit=100).json()["data"] if each["id"] == id)


def old_flag(w: Wire) -> bool:
    id = w.made(**{FLAG: True})["id"]
    w.changed(id, **{FLAG: False})
    return bool(found_in_list(w, id)[FLAG])


@fault(STATES, NONE, old_flag, "a projection that ORs flags")
def fourth_list_keeps_flag() -> ASGIApp:
    """Lists show allow_profiles_outside_organization true once it was."""

    class Once(Remembering):
        seen: set[str]

        def organization(self, organization: Organization) -> Object:
            if organization.allow_profiles:
                self.seen.add(organization.id)
            return super().organization(organization)

        def in_list(self, shown: Object) -> Object:
            return {**shown, FLAG: shown["id"] in self.seen}

    once = Once()
    once.seen = set()
    return app(responses=once)


def old_domains(w: Wire) -> bool:
    id = w.made(domain_data=verified(domain()))["id"]
    w.changed(id, domain_data=[])
    return bool(found_in_list(w, id)["domains"])


@fault(STATES, NONE, old_domains, "an event that an empty collection does not raise")
def fourth_list_keeps_cleared_domains() -> ASGIApp:
    """Lists show the domains that an update removed all together."""

    class Last(Remembering):
        last: dict[str, object]

        def organization(self, organization: Organization) -> Object:
            shown = super().organization(organization)
            if shown["domains"]:
                self.last[organization.id] = shown["domains"]
            return shown

        def in_list(self, shown: Object) -> Object:
            return {**shown, "domains": shown["domains"] or self.last.get(shown["id"], [])}

    last = Last()
    last.last = {}
    return app(responses=last)


def still_found(w: Wire) -> bool:
    name = domain()
    id = w.made(domain_data=verified(name))["id"]
    w.changed(id, domain_data=[])
    return id in w.ids(domains=name)


@fault(STATES, NONE, still_found, "an index that is rewritten in a loop over the new domains")
def fourth_filter_finds_cleared_domains() -> ASGIApp:
    """A filter by domain finds organizations whose domains an update removed all together."""
    last: dict[str, tuple[str, ...]] = {}

    class Indexed(DomainStore):
        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            self._note(organization)

        def update(self, organization: Organization) -> None:
            super().update(organization)
            self._note(organization)

        def has(self, organization: Organization, domain: str) -> bool:
            return domain in last.get(organization.id, ())

        def _note(self, organization: Organization) -> None:
            if organization.domains:
                last[organization.id] = tuple(each.domain for each in organization.domains)

    return app(Indexed())


def case_lost(w: Wire) -> bool:
    return bool(w.changed(w.made(name="acme")["id"], name="ACME")["name"] == "acme")


@fault(KIND, NONE, case_lost, "a comparison that ignores case before it saves")
def fourth_change_of_case_lost() -> ASGIApp:
    """An update of a name that changes nothing but case is lost."""
    return updating(
        lambda new, known, body: replace(new, name=known.name) if new.name.casefold() == known.name.casefold() else new
    )


def loosely(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def equal_number_lost(w: Wire) -> bool:
    id = w.made(metadata={"a": "1"})["id"]
    return bool(w.changed(id, metadata={"a": "1.0"})["metadata"]["a"] == "1")


@fault("fourth: metadata", NONE, equal_number_lost, "== of PHP")
def fourth_equal_numbers_are_no_change() -> ASGIApp:
    """An update of a metadata value by another text of the same number is lost."""

    class Loosely(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            same = {k for k, v in given.items() if v is not None and k in known and loosely(v) == loosely(known[k])}
            return super().merged(known, {k: v for k, v in given.items() if k not in same})

    return app(changes=Loosely())


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


def blocked() -> Reply:
    return Reply(403, (("content-type", "text/html"),), b"<html><title>Attention Required!</title></html>")


@fault(
    FIREWALL,
    NONE,
    lambda w: w.create(metadata={"a": "<script>alert(1)</script>"}).status_code == 403,
    "managed rules of Cloudflare",
)
def fourth_scripts_in_metadata_blocked() -> ASGIApp:
    """A body with <script in its metadata is answered by the firewall with 403."""
    return strict(lambda body: blocked() if any("<script" in text for text in texts(pairs(body))) else None)


@fault(FIREWALL, NONE, lambda w: w.create(name="' OR 1=1 --").status_code == 403, "managed rules of Cloudflare")
def fourth_sql_in_names_blocked() -> ASGIApp:
    """A body whose name looks like an SQL injection is answered by the firewall with 403."""
    return strict(lambda body: blocked() if "' or " in str(body.get("name")).lower() else None)


def traversal(w: Wire) -> bool:
    taken = f"../{token()}"
    w.made(external_id=taken)
    return w.lookup(taken).status_code == 403


@fault(FIREWALL, NONE, traversal, "rules against path traversal")
def fourth_dots_and_slash_blocked_in_lookup() -> ASGIApp:
    """The lookup of an external_id with ../ is answered by the firewall with 403."""
    return on_request(lambda request: blocked() if "..%2f" in request.path.lower() else request)


def without_agent(w: Wire) -> bool:
    request = w.http.build_request("GET", "/organizations")
    del request.headers["user-agent"]
    return w.http.send(request).status_code == 403


@fault(FIREWALL, NONE, without_agent, "browser integrity check of Cloudflare")
def fourth_request_without_agent_blocked() -> ASGIApp:
    """A request without User-Agent answers 403."""
    return on_request(lambda request: request if request.header("user-agent") else blocked())


def not_updated(w: Wire) -> bool:
    id = w.made()["id"]
    changed = w.changed(id, name="Other")
    return bool(found_in_list(w, id)["updated_at"] != changed["updated_at"])


@fault("fourth: time stamps", NONE, not_updated, "a covering index without the column")
def fourth_list_shows_created_for_updated() -> ASGIApp:
    """Lists show created_at as updated_at."""
    return reshaped(lambda shown: {**shown, "updated_at": shown["created_at"]}, "list")


def looked_at(w: Wire) -> bool:
    taken = token()
    w.made(external_id=taken)
    return bool(w.lookup(taken).json()["updated_at"] != w.lookup(taken).json()["updated_at"])


@fault("fourth: time stamps", NONE, looked_at, "a column for the last access that touches the row")
def fourth_lookup_moves_updated_at() -> ASGIApp:
    """A lookup moves updated_at."""

    class Touching(Api):
        def lookup(self, call: Call) -> Response:
            known = self.known_outside(call.path["external_id"])
            self.store.update(replace(known, updated_at=self.changes.moved(known.updated_at)))
            return super().lookup(call)

    return app(api=Touching)


@fault("fourth: deletion", NONE, lambda w: w.get(deleted(w)["id"]).status_code == 410, "what REST guides advise")
def fourth_deleted_is_gone() -> ASGIApp:
    """A get of a deleted organization answers 410."""
    gone: set[str] = set()

    def change(request: Request, response: Reply) -> Reply:
        if request.operation == "delete" and response.good:
            gone.add(request.last)
        return response.replaced(status=410) if request.operation == "get" and request.last in gone else response

    return on_response(change)


@fault(
    REFUSALS, NONE, lambda w: w.put(w.made()["id"], "[]").status_code == 200, "an empty array of PHP is an empty object"
)
def fourth_update_takes_empty_array() -> ASGIApp:
    """An update whose body is an empty array is accepted."""
    return on_request(
        lambda request: request.with_json({}) if request.operation == "update" and request.json == [] else request
    )


def array_clears(w: Wire) -> bool:
    return w.update(w.made(metadata={"a": "b"})["id"], metadata=[]).status_code == 200


@fault(REFUSALS, NONE, array_clears, "an empty array of PHP is an empty object")
def fourth_update_takes_empty_array_for_metadata() -> ASGIApp:
    """An update whose metadata are an empty array removes all."""
    return lenient(lambda body: {**body, "metadata": {}} if body.get("metadata") == [] else body, "update")


@fault(REFUSALS, NONE, lambda w: w.update(w.made()["id"], name=123).status_code == 200, "casting of Mongoose")
def fourth_update_casts_numbers_in_name() -> ASGIApp:
    """An update whose name is a number is accepted."""
    return lenient(
        lambda body: {**body, "name": json.dumps(body["name"])} if type(body.get("name")) in (int, float) else body,
        "update",
    )


def wrapped(w: Wire) -> bool:
    return w.update(w.made()["id"], domains=domain()).status_code == 200


@fault(REFUSALS, NONE, wrapped, "casting of Mongoose")
def fourth_update_takes_one_domain_for_a_list() -> ASGIApp:
    """An update whose domains are a text is accepted."""
    return lenient(
        lambda body: {**body, "domains": [body["domains"]]} if isinstance(body.get("domains"), str) else body, "update"
    )


def failed_state(w: Wire) -> bool:
    return w.update(w.made()["id"], domain_data=[{"domain": domain(), "state": "legacy_verified"}]).status_code == 200


@fault(REFUSALS, NONE, failed_state, "one enum for requests and responses")
def fourth_update_takes_any_state() -> ASGIApp:
    """An update accepts the states that only responses have, as verified."""

    def change(body: Object) -> Object:
        data = body.get("domain_data")
        if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
            return body
        others = ("failed", "legacy_verified", "unverified")
        return {
            **body,
            "domain_data": [{**each, "state": "verified"} if each.get("state") in others else each for each in data],
        }

    return lenient(change, "update")


def same_domain_twice(w: Wire) -> bool:
    name = domain()
    id = w.made(domain_data=verified(name))["id"]
    old = w.shown(id)["domains"][0]["id"]
    w.changed(id, external_id=token())
    return bool(w.shown(id)["domains"][0]["id"] != old)


@fault("fourth: domains", NONE, same_domain_twice, "an aggregate that is saved by delete and insert")
def fourth_domain_ids_change_with_external_id() -> ASGIApp:
    """An update of external_id gives the domains new ids."""

    class Anew(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            found = super().replaced_domains(known, body, moment)
            if "external_id" not in body:
                return found
            return tuple(replace(each, id=self.domain_id(moment)) for each in found)

    return app(changes=Anew())
