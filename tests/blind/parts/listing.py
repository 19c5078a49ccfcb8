"""Lists that are read, or whose cursors are written, in another way."""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Callable

from starlette.types import ASGIApp

from emulator.paging import Page, Pages
from emulator.responses import Responses
from emulator.validation import Listing, Query, Rules
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Object


def listing(change: Callable[[Listing], Listing]) -> ASGIApp:
    """An app that reads another list request than was sent."""

    class Reading(Rules):
        def listing(self, query: Query) -> Listing:
            return change(super().listing(query))

    return app(rules=Reading())


def paged(change: Callable[[Pages, Listing, Page], Page]) -> ASGIApp:
    """An app whose pages are altered."""

    class Paged(Pages):
        def page(self, listing: Listing) -> Page:
            return change(self, listing, super().page(listing))

    return app(pages=Paged)


def requery(pattern: str, replacement: str) -> ASGIApp:
    """An app that reads another query of a list than was sent, by a regular expression."""
    return on_request(
        lambda request: (
            request.replaced(query=re.sub(pattern, replacement, request.query))
            if request.operation == "list"
            else request
        )
    )


def opaque() -> ASGIApp:
    """An app whose cursors are base64."""

    class Opaque(Rules):
        def listing(self, query: Query) -> Listing:
            asked = super().listing(query)
            return dataclasses.replace(asked, before=_decoded(asked.before), after=_decoded(asked.after))

    class Encoding(Responses):
        def page(self, page: Page) -> Object:
            return super().page(dataclasses.replace(page, before=_encoded(page.before), after=_encoded(page.after)))

    return app(rules=Opaque(), responses=Encoding())


def _encoded(cursor: str | None) -> str | None:
    return cursor and base64.urlsafe_b64encode(cursor.encode()).decode()


def _decoded(cursor: str | None) -> str | None:
    try:
        return cursor and base64.urlsafe_b64decode(cursor).decode()
    except ValueError:
        return cursor
