"""The limit of a page."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp

from emulator.validation import Rules
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.listing import listing, requery
from tests.blind.parts.messages import Request, crash
from tests.blind.registry import fault


@fault("paging", "list.default-limit", lambda w: w.many(12) and len(w.ids()) > 10, "O default 10")
def default_limit_is_twenty() -> ASGIApp:
    """Without a limit a page holds 20 organizations."""

    class Twenty(Rules):
        def default(self, name: str) -> Any:
            return 20 if name == "limit" else super().default(name)

    return app(rules=Twenty())


@fault("paging", "list.limit", lambda w: w.many(4) and len(w.ids(limit=2)) == 3, "the row read ahead is not cut off")
def limit_holds_one_more() -> ASGIApp:
    """A page holds one organization more than the limit says, when there is one."""
    return listing(lambda asked: dataclasses.replace(asked, limit=asked.limit + 1))


@fault(
    "paging",
    "list.limit",
    lambda w: (ids := w.many(5)) and len(w.ids(limit=2, order="desc", after=ids[4])) > 2,
    "a cursor that does not carry the limit",
)
def limit_ignored_behind_cursor() -> ASGIApp:
    """With a cursor the limit is ignored and the default counts."""
    return listing(lambda asked: dataclasses.replace(asked, limit=10) if asked.after or asked.before else asked)


@fault("paging", "list.limit", lambda w: w.many(2) and w.ids(limit=1) == [], "reading limit rows and cutting one off")
def limit_of_one_gives_nothing() -> ASGIApp:
    """A limit of 1 gives an empty page."""
    return relisted_for(lambda request: "limit=1" in request.query.split("&"), lambda value: {**value, "data": []})


def relisted_for(when: Callable[[Request], bool], change: Callable[[Any], Any]) -> ASGIApp:
    """An app whose responses to some list requests are altered."""
    return on_response(
        lambda request, response: (
            response.with_json(change(response.json))
            if request.operation == "list" and response.good and when(request)
            else response
        )
    )


@fault("paging", "list.limit-out-of-bounds", lambda w: w.list(limit=0).status_code == 200, "limit || 10")
def limit_zero_is_default() -> ASGIApp:
    """A limit of 0 counts as none."""
    return requery(r"(?<![a-z])limit=0(?=&|$)", "limit=10")


@fault(
    "paging",
    "list.limit-out-of-bounds",
    lambda w: w.list(limit=101).status_code == 200,
    "github.com/firezone/firezone/pull/15058",
)
def limit_too_large_is_clamped() -> ASGIApp:
    """A limit above 100 counts as 100."""
    return requery(r"(?<![a-z])limit=\d{3,9}(?=&|$)", "limit=100")


@fault(
    "paging",
    "list.limit-type",
    lambda w: w.list(limit="5junk").status_code == 200,
    "github.com/elizaOS/eliza/pull/20678 (parseInt)",
)
def limit_read_as_far_as_digits_go() -> ASGIApp:
    """A limit is read as far as its digits go: 5junk counts as 5, 2.5 as 2."""
    return requery(r"(?<![a-z])limit=(\d+)[^&]*", r"limit=\1")


@fault("paging", "list.limit-type", lambda w: w.list(limit="ten").status_code == 200, "NaN || default")
def limit_without_digits_is_default() -> ASGIApp:
    """A limit that is no number at all counts as none."""
    return requery(r"(?<![a-z])limit=[^&\d-]+(?=&|$)", "limit=10")


@fault("paging", "list.limit-out-of-bounds", lambda w: w.list(limit="9" * 25).status_code >= 500, "an overflow")
def limit_beyond_64_bits_crashes() -> ASGIApp:
    """A limit that does not fit into 64 bits answers 500."""
    return on_request(
        lambda request: (
            crash() if request.operation == "list" and re.search(r"limit=-?\d{20,}", request.query) else request
        )
    )


@fault("paging", "list.limit-out-of-bounds", lambda w: w.list(limit=-1).status_code == 200, "SQLite's LIMIT -1")
def limit_negative_means_all() -> ASGIApp:
    """A negative limit lists as much as a page may hold."""
    return requery(r"(?<![a-z])limit=-\d+(?=&|$)", "limit=100")
