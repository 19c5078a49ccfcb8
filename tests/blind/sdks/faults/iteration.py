"""Faults in going through the pages of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import httpx

from tests.blind.sdks.planted import Fault, Proof, calling, named, refusal
from tests.mutants.sdks.call import Call, SdkError

TWO_PAGES = (named("one", "two", after="to 2"), named("three"))
ITERATE = (calling("iterate"),)


class _ChangesLaterPages(Fault):
    """Asks for the pages after the first in another way."""

    def request(self, call: Call, given: Mapping[str, Any] | None = None) -> httpx.Response:
        if given is None or given == call.args:
            return super().request(call, given)
        return super().request(self.later_call(call), self.later(given))

    def later(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters of a later page."""
        return dict(given)

    def later_call(self, call: Call) -> Call:
        """The call as a later page sees it."""
        return call


class _GoesByPages(Fault):
    """Fetches pages apart from giving their organizations."""

    def pages(self, call: Call) -> Iterator[dict[str, Any]]:
        """The pages, until a cursor comes again."""
        listing = Call("list", call.args, call.client, call.opts, call.limits)
        given, seen = dict(call.args), set()
        while True:
            yield (page := self.page(self.json_of(self.request(listing, given))))
            cursor = self.next_cursor(page, given)
            if cursor is None or cursor in seen:
                return
            seen.add(cursor)
            given["after"] = cursor


class DropsFiltersOfLaterPages(_ChangesLaterPages):
    """Asks for the pages after the first with the cursor alone."""

    requirement = "sdk.iterate.filters"
    difficulty = "plain"
    proof = Proof((calling("iterate", search="a"),), TWO_PAGES, shows="?after=to+2", lacks="search=a&after=to+2")

    def later(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {"after": given["after"]}


class DropsLimitOfLaterPages(_ChangesLaterPages):
    """Asks for the pages after the first without the limit."""

    requirement = "sdk.iterate.filters"
    difficulty = "medium"
    proof = Proof((calling("iterate", limit=2),), TWO_PAGES, lacks="limit=2&after=to+2")

    def later(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in given.items() if name != "limit"}


class SearchesLaterPagesByOneDomain(_ChangesLaterPages):
    """Asks for the pages after the first with the last of several domains."""

    requirement = "sdk.iterate.filters"
    difficulty = "narrow"
    proof = Proof((calling("iterate", domains=["a.com", "b.com"]),), TWO_PAGES, shows="domains=b.com&after=to+2")

    def later(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value[-1:] if name == "domains" and value else value for name, value in given.items()}


class LosesExtraHeadersOfLaterPages(_ChangesLaterPages):
    """Asks for the pages after the first without the options of the call."""

    requirement = "sdk.options.extra-headers"
    difficulty = "narrow"
    proof = Proof(
        (calling("iterate", opts={"extra_headers": {"x-team": "a"}}),), TWO_PAGES,
        shows="user-agent: workos-stand-in/1.0.0\n\nvalue",
    )  # fmt: skip

    def later_call(self, call: Call) -> Call:
        return Call(call.op, call.args, call.client, {}, call.limits)


class CutsCursors(_ChangesLaterPages):
    """Cuts the equal signs at the end of a cursor off, which it takes for padding."""

    requirement = "sdk.iterate.cursor"
    difficulty = "narrow"
    proof = Proof(ITERATE, (named("one", after="b2Zm=="), named("two")), shows="after=b2Zm HTTP", lacks="b2Zm%3D")

    def later(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return {**given, "after": given["after"].rstrip("=")}


class TakesLastIdForCursor(Fault):
    """Asks for the next page with the id of the last organization, and not with the cursor."""

    requirement = "sdk.iterate.cursor"
    difficulty = "medium"
    proof = Proof(ITERATE, TWO_PAGES, shows="after=two", lacks="after=to+2")

    def next_cursor(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        cursor = super().next_cursor(page, given)
        return str(page["data"][-1]["id"]) if cursor and page["data"] else cursor


class TurnsRoundInAscendingOrder(Fault):
    """Takes the cursor before for the one to the next page where the order is ascending."""

    requirement = "sdk.iterate.cursor"
    difficulty = "narrow"
    proof = Proof((calling("iterate", order="asc"),), TWO_PAGES, lacks="after=to+2")

    def next_cursor(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        cursor: str | None = page["list_metadata"]["before"]
        return cursor if given.get("order") == "asc" else super().next_cursor(page, given)


class StopsAtShortPage(Fault):
    """Takes a page that is shorter than the limit for the last one."""

    requirement = "sdk.iterate.all"
    difficulty = "medium"
    proof = Proof((calling("iterate", limit=5),), TWO_PAGES, lacks="three")

    def next_cursor(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        is_short = len(page["data"]) < given.get("limit", 0)
        return None if is_short else super().next_cursor(page, given)


class StopsAtEmptyPage(Fault):
    """Takes a page without organizations for the last one."""

    requirement = "sdk.iterate.empty-page"
    difficulty = "medium"
    proof = Proof(ITERATE, (named(after="to 2"), named("three")), lacks="three")

    def next_cursor(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        return super().next_cursor(page, given) if page["data"] else None


class StopsAfterTenPages(_GoesByPages):
    """Ends after ten pages, as a guard against endless lists."""

    requirement = "sdk.iterate.all"
    difficulty = "narrow"
    proof = Proof(ITERATE, (*(named(f"org_{n}", after=f"to {n}") for n in range(10)), named("last")), lacks="last")

    def iterate(self, call: Call) -> Iterator[dict[str, Any]]:
        for page in islice(self.pages(call), 10):
            yield from page["data"]


class FollowsRepeatedCursors(Fault):
    """Follows every cursor, also one that it followed before."""

    requirement = "sdk.iterate.repeated-cursor"
    difficulty = "medium"
    proof = Proof(ITERATE, (named("one", after="again"),), shows='"complete": false')

    def iterate(self, call: Call) -> Iterator[dict[str, Any]]:
        listing = Call("list", call.args, call.client, call.opts, call.limits)
        cursor: str | None = ""
        while cursor is not None:
            given = call.args | ({"after": cursor} if cursor else {})
            found = self.page(self.json_of(self.request(listing, given)))
            yield from found["data"]
            cursor = self.next_cursor(found, given)


class AsksAfterFullPages(Fault):
    """Asks for one more page after a last page that is as full as the limit, although no cursor leads there."""

    requirement = "sdk.iterate.stops"
    difficulty = "medium"
    proof = Proof((calling("iterate", limit=1),), (named("one"), named()), shows="after=one")

    def next_cursor(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        cursor = super().next_cursor(page, given)
        is_full = len(page["data"]) == given.get("limit", 10)
        return str(page["data"][-1]["id"]) if cursor is None and is_full else cursor


class SkipsFirstOfLaterPages(_GoesByPages):
    """Skips the first organization of each later page, which it takes for the one of the cursor."""

    requirement = "sdk.iterate.all"
    difficulty = "plain"
    proof = Proof(ITERATE, (named("one", after="to 2"), named("two", "three")), lacks='"two"')

    def iterate(self, call: Call) -> Iterator[dict[str, Any]]:
        for number, page in enumerate(self.pages(call)):
            yield from page["data"][min(number, 1) :]


class EndsAtErrors(Fault):
    """Ends without an error where a later page fails."""

    requirement = "sdk.iterate.error"
    difficulty = "plain"
    proof = Proof(ITERATE, (named("one", after="to 2"), refusal(404)), shows='"complete": true')

    def iterate(self, call: Call) -> Iterator[dict[str, Any]]:
        given = False
        try:
            for item in super().iterate(call):
                given = True
                yield item
        except SdkError:
            if not given:
                raise


class FetchesAllPagesFirst(Fault):
    """Fetches all pages before it gives the first organization: an error on a later page loses those before it."""

    requirement = "sdk.iterate.error"
    difficulty = "medium"
    proof = Proof(ITERATE, (named("one", after="to 2"), refusal(404)), shows='"items": []')

    def iterate(self, call: Call) -> Iterator[dict[str, Any]]:
        yield from list(super().iterate(call))
