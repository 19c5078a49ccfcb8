"""What recorded pages say of themselves, of their query, and of the page that they follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from conformance.harness.api.call import Call, Value
from conformance.harness.api.errors import UnusableResponseError
from conformance.harness.api.organization import is_by_creation
from conformance.harness.api.page import Page
from conformance.harness.fixtures.population import BACKWARD, FORWARD
from conformance.harness.judges.finding import Finding, finding
from conformance.harness.wire.exchange import Exchange

Judged: TypeAlias = Iterator[tuple[str, Finding | None]]
"""A requirement that was looked at, and what is found of it."""

DEFAULT_LIMIT = 10
LONGEST = 100
OK = 200
CURSORS = ("before", "after")


class Walks:
    """The pages that were seen so far, by their query and the cursors that lead on from them."""

    def __init__(self) -> None:
        self._leading: dict[tuple[tuple[str, str], ...], Page] = {}

    def judge(self, exchange: Exchange, query: Mapping[str, str]) -> Judged:
        """What a page shows, or a refusal."""
        yield from _judge_query(exchange, query)
        response = exchange.response
        if response is None or response.status != OK or not isinstance(response.object.get("data"), list):
            return
        page = Page(response.object, Call("list", {"query": query}, Value(response.object), (exchange,)))
        try:
            yield from _judge_page(page, exchange, query)
            yield from self._judge_step(page, exchange, query)
        except UnusableResponseError:
            return  # its form is judged elsewhere

    def _judge_step(self, page: Page, exchange: Exchange, query: Mapping[str, str]) -> Judged:
        """What a page shows again of the one whose cursor led to it."""
        before = self._leading.get(tuple(sorted(query.items())))
        if before is not None:
            again = set(page.ids) & set(before.ids)
            name = "list.after-is-exclusive"
            yield (
                name,
                finding(name, exchange, "what comes behind the cursor", f"{min(again)} again") if again else None,
            )
        criteria = {name: value for name, value in query.items() if name not in CURSORS}
        for direction in CURSORS:
            if (cursor := page.cursor(direction)) is not None:
                self._leading[tuple(sorted({**criteria, direction: cursor}.items()))] = page


def _judge_query(exchange: Exchange, query: Mapping[str, str]) -> Judged:
    """Whether a query that no source allows was refused."""
    broken: list[str] = []
    if "limit" in query and not query["limit"].isdecimal():
        broken.append("list.limit-type" if not query["limit"].lstrip("-").isdecimal() else "list.limit-out-of-bounds")
    elif "limit" in query and not 1 <= int(query["limit"]) <= LONGEST:
        broken.append("list.limit-out-of-bounds")
    if query.get("order", "desc") not in FORWARD:
        broken.append("list.order-unknown")
    for name in broken:
        yield name, finding(name, exchange, "422", "200") if exchange.status == OK else None


def _judge_page(page: Page, exchange: Exchange, query: Mapping[str, str]) -> Judged:
    def verdict(name: str, holds: bool, expected: str, seen: str) -> tuple[str, Finding | None]:
        return name, None if holds else finding(name, exchange, expected, seen)

    limit = int(query["limit"]) if query.get("limit", "").isdecimal() else DEFAULT_LIMIT
    yield verdict(
        "list.limit" if "limit" in query else "list.default-limit",
        len(page) <= limit,
        f"at most {limit} organizations",
        str(len(page)),
    )
    order = query.get("order")
    newest_first = order != "asc"
    yield verdict(
        "list.order" if order else "list.newest-first",
        is_by_creation(page.organizations, newest_first),
        "newest first" if newest_first else "oldest first",
        "another order",
    )
    for direction in CURSORS:
        if direction in query:
            shown = query[direction] in page.ids
            yield verdict("list.after-is-exclusive", not shown, "what comes behind the cursor", query[direction])
    # Without an order nothing decides in which direction the cursors lead.
    if order in FORWARD and not query.keys() & set(CURSORS):
        backward = page.cursor(BACKWARD[order])
        yield verdict("list.first-page", backward is None, f"{BACKWARD[order]} null", repr(backward))
