"""Answers that come late, or have to be asked for again."""

from __future__ import annotations

from starlette.types import ASGIApp

from emulator.identifiers import now
from emulator.paging import Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.registry import control
from tests.blind.wire import Wire

EVERY = 120
"""Requests."""


def _waits(w: Wire) -> object:
    return any(w.list(limit=1).headers.get("retry-after") == "1" for _ in range(EVERY + 5))


@control("status", "429 with Retry-After is documented for each operation", _waits)
def sixteenth_sometimes_too_many() -> ASGIApp:
    """Every 120th request answers 429 and asks to come back after a second."""
    count: list[int] = []

    async def handle(request: Request, forward: Forward) -> Reply:
        count.append(1)
        if len(count) % EVERY:
            return await forward(request)
        return reply(429, {"message": "Too Many Requests"}).with_header("retry-after", "1")

    return intercepting(handle)


LATE = 300
"""Milliseconds."""


def _deleted_listed(w: Wire) -> object:
    id = w.made()["id"]
    w.delete(id)
    return id in w.ids()


@control("staleness", "delete.gone-from-lists: within the moment that lists may lag", _deleted_listed, lag=1.0)
def sixteenth_deletes_reach_lists_late() -> ASGIApp:
    """Lists without a cursor and a filter show a deleted organization for 0.3 seconds more."""
    gone: list[tuple[int, Organization]] = []

    class Late(Store):
        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            gone.append((now(), organization))

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, limit, search, domain)
            if than[1] or search or domain:
                return found
            late = [each for since, each in gone if now() - since < LATE]
            newest_first = direction.follows == "<"
            return sorted([*found, *late], key=lambda each: each.key, reverse=newest_first)[:limit]

    class Knowing(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            return next((each.key for _, each in gone if each.id == cursor), None) or super().key(listing, cursor)

    return app(Late(), pages=Knowing)
