"""What the seventeenth set needs beside the other parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp

from emulator.paging import NEWEST, OLDEST, Page, Pages
from emulator.records import Key, Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.messages import Object, Reply, Request, crash
from tests.blind.parts.stores import EVERYBODY


def answering(when: Callable[[Request], object], answer: Callable[[Request], Reply]) -> ASGIApp:
    """An app that answers some requests in its own way."""
    return on_request(lambda request: answer(request) if when(request) else request)


def crashing(when: Callable[[Request], object]) -> ASGIApp:
    """An app whose code fails at some requests."""
    return answering(when, lambda _: crash())


def replying(when: Callable[[Request, Reply], object], change: Callable[[Reply], Reply]) -> ASGIApp:
    """An app some of whose responses are altered."""
    return on_response(lambda request, response: change(response) if when(request, response) else response)


def decoded(request: Request) -> str:
    """The last step of the path as a text."""
    return unquote(request.last, errors="replace")


def paired(change: Callable[[Any], Any]) -> Callable[[Object], Object]:
    """Changes each value of the metadata in a body, of whatever type."""

    def changed(body: Object) -> Object:
        found = body.get("metadata")
        if not isinstance(found, dict):
            return body
        return {**body, "metadata": {key: change(value) for key, value in found.items()}}

    return changed


class Sorted(Pages):
    """Pages in the order of another key."""

    def place(self, organization: Organization) -> Key:
        """Where an organization stands."""
        return organization.key

    def page(self, listing: Listing) -> Page:
        """A page out of all that match."""
        everybody = sorted(super().newer(listing, OLDEST, EVERYBODY), key=self.place)
        line = everybody if self.oldest_first(listing) else everybody[::-1]
        ids = [each.id for each in line]
        onwards, back = self.onwards_from(listing), self.back_from(listing)
        if back in ids:
            end = ids.index(back)
            start = max(0, end - listing.limit)
        else:
            start = ids.index(onwards) + 1 if onwards in ids else 0
            end = start + listing.limit
        shown = line[start:end]
        before = shown[0].id if shown and start else None
        after = shown[-1].id if shown and end < len(line) else None
        return Page(shown, after, before) if self.turned_round(listing) else Page(shown, before, after)


def walking(change: Callable[[Pages, Listing, Key, int], list[Organization] | None]) -> ASGIApp:
    """An app whose pages onwards hold something else, where the change gives anything."""

    class Walking(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            if self.back_from(listing) is None:
                found = change(self, listing, self.start(listing), listing.limit)
                if found is not None:
                    return found
            return super().organizations(listing)

    return app(pages=Walking)


def first(listing: Listing, key: Key) -> bool:
    """Whether a page begins at the end of the list."""
    return key in (OLDEST, NEWEST) and not (listing.before or listing.after)
