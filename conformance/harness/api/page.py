"""One page of a list, as scenarios see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from conformance.harness.api.call import Call, Value
from conformance.harness.api.errors import UnusableResponseError
from conformance.harness.api.organization import ABSENT, Organization

DOCUMENTED = ("object", "data", "list_metadata")


class Ids(list[str]):
    """Ids that a page shows, in order, with the call that gave the page."""

    def __init__(self, ids: Iterable[str], call: Call) -> None:
        super().__init__(ids)
        self.call = call


class Page:
    """One page of organizations.

    Without the fields that nobody documents, which may be of any size: walks keep many pages.
    """

    def __init__(self, body: Mapping[str, Any], call: Call) -> None:
        self._body = {field: body[field] for field in DOCUMENTED if field in body}
        self.call = replace(call, outcome=Value(self._body))

    def __repr__(self) -> str:
        return f"<page of {len(self)}>"

    def __len__(self) -> int:
        data = self._body.get("data")
        return len(data) if isinstance(data, list) else 0

    @property
    def organizations(self) -> list[Organization]:
        """The organizations of the page, in order. Raises UnusableResponseError when they are no objects."""
        data = self._body.get("data")
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            raise UnusableResponseError(self.call, "the list has no array of objects in data")
        return [Organization(item, self.call) for item in data]

    @property
    def ids(self) -> Ids:
        """The ids of the page, in order."""
        return Ids((organization.id for organization in self.organizations), self.call)

    @property
    def before(self) -> str | None:
        """The cursor to the page before."""
        return self.cursor("before")

    @property
    def after(self) -> str | None:
        """The cursor to the page after."""
        return self.cursor("after")

    def cursor(self, direction: str) -> str | None:
        """The cursor ``before`` or ``after``. Raises UnusableResponseError when it is neither a string nor null."""
        metadata = self._body.get("list_metadata")
        cursor = metadata.get(direction, ABSENT) if isinstance(metadata, dict) else ABSENT
        if cursor is not None and (not isinstance(cursor, str) or cursor == ABSENT):
            raise UnusableResponseError(self.call, f"the list has no cursor {direction}")
        return cursor
