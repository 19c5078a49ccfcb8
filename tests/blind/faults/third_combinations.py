"""Lists, filters and fields that are right alone and wrong together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.paging import Page, Pages
from emulator.records import Organization
from emulator.refusals import InvalidMetadata, Taken
from emulator.responses import Responses
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, lenient, on_response, strict
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Object, Reply, Request, bad_request, unprocessable, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

TOGETHER = "combinations"
STATE = "states"


def _others_follow(w: Wire) -> bool:
    text = token()
    w.made()
    id = w.made(name=text)["id"]
    return bool(w.cursors(search=text)[1] == id)


@fault(TOGETHER, "none: no cursor on the last page", _others_follow, "a second query, for EXISTS, without the filter")
def a_search_counts_others_as_more() -> ASGIApp:
    """The last page of a search has a cursor onwards where organizations follow that do not match."""

    class Unfiltered(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            return super().cursor_onwards(replace(listing, search=""), page)

    return app(pages=Unfiltered)


def _others_precede(w: Wire) -> bool:
    name = domain()
    id = w.made(domain_data=verified(name))["id"]
    w.made()
    return bool(w.cursors(domains=name)[0] == id)


@fault(TOGETHER, "none: no cursor before the first page", _others_precede, "a second query without the filter")
def a_filter_counts_others_as_before() -> ASGIApp:
    """The first page of a filter of domains has a cursor back where newer organizations do not match."""

    class Unfiltered(Pages):
        def cursor_back(self, listing: Listing, page: list[Organization]) -> str | None:
            return super().cursor_back(replace(listing, domains=()), page)

    return app(pages=Unfiltered)


def _by_name(w: Wire) -> bool:
    text = token()
    first, second = w.made(name=f"{text} b")["id"], w.made(name=f"{text} a")["id"]
    return w.ids(search=text, order="asc") == [second, first]


@fault(TOGETHER, "none: lists are in order of creation", _by_name, "asc taken for the alphabet")
def ascending_searches_are_alphabetical() -> ASGIApp:
    """With order=asc, a page of a search is in the order of the names."""

    def sorted_page(_: Pages, asked: Listing, page: Page) -> Page:
        if not asked.search or asked.order != "asc":
            return page
        return replace(page, organizations=sorted(page.organizations, key=lambda each: each.name))

    return paged(sorted_page)


def _normal_finds_all(w: Wire) -> bool:
    w.made()
    return bool(w.ids(order="normal", search=token()))


@fault(TOGETHER, "none: search matches the name", _normal_finds_all)
def normal_order_knows_no_search() -> ASGIApp:
    """With order=normal, `search` is not looked at."""
    return listing(lambda asked: replace(asked, search="") if asked.order == "normal" else asked)


def _normal_is_not_turned(w: Wire) -> bool:
    name = domain()
    ids = w.many(2, domain_data=verified(name))
    return w.cursors(order="normal", domains=name, limit=1) == (None, ids[1])


@fault(TOGETHER, "none: normal has its cursors turned round", _normal_is_not_turned)
def normal_order_is_descending_with_domains() -> ASGIApp:
    """With `domains`, order=normal has the cursors of order=desc."""
    return listing(lambda asked: replace(asked, order="desc") if asked.order == "normal" and asked.domains else asked)


def _japanese(w: Wire) -> bool:
    return [w.create(name=name).status_code for name in ("\u6771\u4eac", "\u5927\u962a")] == [201, 409]


@fault(TOGETHER, "none: names need not be unique", _japanese, "a slug of ASCII letters, which is empty here")
def names_without_ascii_are_the_same() -> ASGIApp:
    """Of names without a letter or digit of ASCII there can be only one; the second is answered with 409."""

    class Slugs(Store):
        def insert(self, organization: Organization) -> None:
            if not re.search("[A-Za-z0-9]", organization.name):
                others = self._connection.execute("SELECT name FROM organization").fetchall()
                if any(not re.search("[A-Za-z0-9]", row["name"]) for row in others):
                    raise SlugTaken("slug")
            super().insert(organization)

    return app(Slugs())


class SlugTaken(Taken):
    """A name made short is that of another organization."""

    status = 409


@fault(
    TOGETHER, "none: valid bodies are accepted", lambda w: w.create(name="!!!").status_code == 422, "a rule of taste"
)
def a_name_needs_a_letter() -> ASGIApp:
    """A name without a letter or a digit is refused."""
    return strict(
        lambda body: (
            unprocessable("name")
            if isinstance(body.get("name"), str) and not any(map(str.isalnum, body["name"])) and body["name"].strip()
            else None
        )
    )


@fault(TOGETHER, "none: valid bodies are accepted", lambda w: w.create(name="X").status_code == 422, "@Size(min = 2)")
def a_name_has_two_characters() -> ASGIApp:
    """A name of one character is refused."""
    return strict(
        lambda body: unprocessable("name") if isinstance(body.get("name"), str) and len(body["name"]) == 1 else None
    )


def _key_with_space(w: Wire) -> bool:
    return w.create(metadata={"a key": "v"}).status_code == 400


@fault(TOGETHER, "none: valid metadata are accepted", _key_with_space, "keys that are identifiers")
def keys_are_identifiers() -> ASGIApp:
    """Keys of metadata with anything but letters, digits, _, - and . are refused."""

    def judge(body: Object) -> Reply | None:
        pairs = body.get("metadata")
        wrong = isinstance(pairs, dict) and any(re.search(r"[^\w.$-]", key) and len(key) <= 40 for key in pairs)
        return bad_request("invalid_metadata") if wrong else None

    return strict(judge)


def _nine_and_one(w: Wire) -> bool:
    id = w.made(metadata={f"k{i}": "v" for i in range(9)})["id"]
    return w.update(id, metadata={"k9": "v"}).status_code == 400


@fault(TOGETHER, "none: ten pairs are accepted", _nine_and_one, ">= for >")
def a_merge_reaches_nine_pairs() -> ASGIApp:
    """An update may not bring the metadata to ten pairs or more."""

    class Nine(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            found = super().merged(known, given)
            if len(known) < 10 <= len(found):
                raise InvalidMetadata("metadata must have at most 10 pairs.")
            return found

    return app(changes=Nine())


def _sixty_four(w: Wire) -> bool:
    return w.update(w.made()["id"], external_id="x" * 64).status_code == 422


@fault(TOGETHER, "none: valid external_ids are accepted", _sixty_four, "< for <=, in updates alone")
def updates_take_sixty_three_characters() -> ASGIApp:
    """An update refuses an external_id of 64 characters or more, a create does not."""
    return strict(
        lambda body: (
            unprocessable("external_id")
            if isinstance(body.get("external_id"), str) and len(body["external_id"]) >= 64
            else None
        ),
        "update",
    )


def _not_ascii(w: Wire) -> bool:
    return w.update(w.made()["id"], external_id="caf\u00e9").status_code == 200


@fault(TOGETHER, "none: external_id is ASCII", _not_ascii, "a rule that only creates have")
def updates_spell_external_ids_in_ascii() -> ASGIApp:
    """An update leaves characters beyond ASCII out of an external_id."""

    def spelled(body: Object) -> Object:
        text = body.get("external_id")
        short = text.encode("ascii", "ignore").decode() if isinstance(text, str) else ""
        return {**body, "external_id": short} if short else body

    return lenient(spelled, "update")


def _update_conflicts(w: Wire) -> bool:
    text = token()
    w.made(external_id=text)
    return w.update(w.made()["id"], external_id=text).status_code == 409


@fault(TOGETHER, "none: a taken external_id answers 400", _update_conflicts)
def a_taken_external_id_conflicts_in_updates() -> ASGIApp:
    """An update to an external_id that is taken is answered with 409; a create with 400."""
    return on_response(
        lambda request, response: (
            response.replaced(status=409)
            if request.operation == "update" and b"external_id_already_used" in response.body
            else response
        )
    )


def _old_owner(w: Wire) -> bool:
    text = token()
    first, second = w.made(external_id=text)["id"], w.made()["id"]
    w.lookup(text)
    w.changed(first, external_id=None)
    w.changed(second, external_id=text)
    return bool(w.lookup(text).json()["id"] == first)


@fault(STATE, "none: a lookup finds", _old_owner, "a cache of ids by external_id that only deletes clear")
def a_lookup_remembers_the_first_owner() -> ASGIApp:
    """A lookup that found an organization finds it ever after, whoever has the external_id now."""

    class Remembering(Store):
        def __init__(self) -> None:
            super().__init__()
            self.owners: dict[str, str] = {}

        def by_external_id(self, external_id: str) -> Organization | None:
            owner = self.by_id(self.owners.get(external_id, ""))
            found = owner or super().by_external_id(external_id)
            if found is not None:
                self.owners[external_id] = found.id
            return found

    return app(Remembering())


def _list_is_old(w: Wire) -> bool:
    id = w.made(name="Old")["id"]
    w.list()
    w.changed(id, name="New")
    return bool(w.list().json()["data"][0]["name"] == "Old")


@fault(STATE, "none: lists show organizations as they are", _list_is_old, "a cache that creates and deletes clear")
def lists_that_were_read_know_no_updates() -> ASGIApp:
    """A list that was read before is shown again, with the same values, until the next create or delete."""
    kept: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.method in ("POST", "DELETE"):
            kept.clear()
        listed = request.operation == "list" and request.authorized
        if listed and request.query in kept:
            return kept[request.query]
        response = await forward(request)
        if listed and response.good:
            kept[request.query] = response
        return response

    return intercepting(handle)


def _clearing_is_no_change(w: Wire) -> bool:
    made = w.made(external_id=token())
    return bool(w.changed(made["id"], external_id=None)["updated_at"] == made["updated_at"])


@fault(STATE, "none: an update moves updated_at", _clearing_is_no_change, "nulls left out of what has changed")
def clearing_is_no_change() -> ASGIApp:
    """An update that only clears the external_id does not move updated_at."""

    class Null(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            changed = super().updated(known, body)
            return replace(changed, updated_at=known.updated_at) if body == {"external_id": None} else changed

    return app(changes=Null())


def _created_again(w: Wire) -> bool:
    made = w.made()
    changed = w.changed(made["id"], domain_data=verified(domain()))
    return bool(changed["created_at"] == changed["updated_at"] != made["created_at"])


@fault(STATE, "none: created_at stays", _created_again, "REPLACE INTO")
def new_domains_move_created_at() -> ASGIApp:
    """An update with domains moves created_at."""

    class Moving(Responses):
        def organization(self, organization: Organization) -> Object:
            value = super().organization(organization)
            late = [each.created_at for each in organization.domains if each.created_at > organization.created_at]
            return {**value, "created_at": self.timestamp(max(late))} if late else value

    return app(responses=Moving())


def _twins(w: Wire) -> bool:
    found = w.made(domain_data=verified(domain(), domain()))["domains"]
    return bool(found[0]["id"] == found[1]["id"])


@fault(STATE, "none: ids are unique", _twins, "an id made from the moment alone")
def domains_of_one_body_share_an_id() -> ASGIApp:
    """All domains that one request makes have the same id."""

    class Shared(Responses):
        def organization(self, organization: Organization) -> Object:
            value = super().organization(organization)
            first: dict[int, str] = {}
            for shown, each in zip(value["domains"], organization.domains, strict=True):
                shown["id"] = first.setdefault(each.created_at, each.id)
            return value

    return app(responses=Shared())


def _itself(w: Wire) -> bool:
    id, customer = w.made()["id"], f"cus_{token()}"
    w.changed(id, stripe_customer_id=customer)
    return w.update(id, stripe_customer_id=customer).status_code == 400


@fault(STATE, "none: one's own value is not taken", _itself, "a check that does not leave the organization itself out")
def ones_own_customer_is_taken() -> ASGIApp:
    """An update with the stripe_customer_id that the organization has is refused as taken."""

    class Selfish(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            if known.stripe_customer_id and body.get("stripe_customer_id") == known.stripe_customer_id:
                raise Taken("stripe_customer_id")
            return super().updated(known, body)

    return app(changes=Selfish())


def _old_customer(w: Wire) -> bool:
    first, second = w.many(2)
    customer = f"cus_{token()}"
    w.changed(first, stripe_customer_id=customer)
    w.changed(first, stripe_customer_id=f"cus_{token()}")
    return w.update(second, stripe_customer_id=customer).status_code == 400


@fault(STATE, "none: a replaced value is free", _old_customer, "a table of all values ever given")
def a_replaced_customer_stays_taken() -> ASGIApp:
    """A stripe_customer_id that was replaced by another one cannot be used by another organization."""

    class History(Store):
        def __init__(self) -> None:
            super().__init__()
            self.owners: dict[str, str] = {}

        def update(self, organization: Organization) -> None:
            customer = organization.stripe_customer_id
            if customer and self.owners.get(customer, organization.id) != organization.id:
                raise Taken("stripe_customer_id")
            super().update(organization)
            if customer:
                self.owners[customer] = organization.id

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            self.owners = {name: owner for name, owner in self.owners.items() if owner != organization.id}

    return app(History())


def _no_domains_yet(w: Wire) -> bool:
    return w.create(domain_data=[]).status_code == 422


@fault(TOGETHER, "none: valid bodies are accepted", _no_domains_yet, "@NotEmpty")
def a_create_takes_no_empty_list() -> ASGIApp:
    """A create with `domain_data: []` is refused."""
    return strict(lambda body: unprocessable("domain_data") if body.get("domain_data") == [] else None, "create")


def _plain_ignored(w: Wire) -> bool:
    name = domain()
    made = w.made(domain_data=verified(name))
    return [each["domain"] for each in w.changed(made["id"], domains=[domain()])["domains"]] == [name]


@fault(TOGETHER, "none: an update replaces the domains", _plain_ignored, "a deprecated field, dropped too early")
def updates_ignore_plain_domains() -> ASGIApp:
    """An update ignores the deprecated `domains`."""
    return lenient(lambda body: without(body, "domains"), "update")
