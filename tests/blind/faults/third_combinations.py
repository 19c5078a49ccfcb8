"""Lists, filters and fields that are right alone and wrong together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from starlette.types import ASGIApp

from emulator.changes import Changes
from emulator.paging import Page, Pages
from emulator.records import Organization
from emulator.refusals import InvalidMetadata, Taken
from emulator.store import Store
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import lenient, on_response, strict
from tests.blind.parts.listing import listing, paged
from tests.blind.parts.messages import Object, Reply, bad_request, unprocessable, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

TOGETHER = "combinations"


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
