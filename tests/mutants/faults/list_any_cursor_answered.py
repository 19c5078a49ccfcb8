"""Cursors that make the server fail, or answer with a status that nobody documents."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.paging import Pages
from emulator.records import Key
from emulator.refusals import NotFound, Refusal
from emulator.store import Store
from emulator.validation import Listing
from tests.mutants.parts.failures import Failure
from tests.mutants.planting import mutant, plant


def refusing_cursors(refused: Callable[[str], bool], refusal: Callable[[str], Refusal]) -> type[Pages]:
    """Pages that refuse some of the cursors that nobody has."""

    class Refusing(Pages):
        def key(self, listing: Listing, cursor: str) -> Key:
            if self.store.by_id(cursor) is None and refused(cursor):
                raise refusal(cursor)
            return super().key(listing, cursor)

    return Refusing


def failure(cursor: str) -> Refusal:
    """The server fails."""
    return Failure("Internal error")


# fmt: off
plant("unknown-cursor-fails", "list.any-cursor-answered", "A cursor that nobody has makes the server fail.",
      refusing_cursors(lambda cursor: True, failure))
plant("cursor-of-another-form-fails", "list.any-cursor-answered", "A cursor that is no id makes the server fail.",
      refusing_cursors(lambda cursor: not re.fullmatch("org_[0-9A-Z]{26}", cursor), failure))
plant("cursor-with-nul-fails", "list.any-cursor-answered", "U+0000 in a cursor makes the server fail.",
      refusing_cursors(lambda cursor: "\0" in cursor, failure))
plant("long-cursor-fails", "list.any-cursor-answered", "A cursor of more than 200 characters makes the server fail.",
      refusing_cursors(lambda cursor: len(cursor) > 200, failure))
plant("cursor-with-quote-fails", "list.any-cursor-answered", "A single quote in a cursor makes the server fail.",
      refusing_cursors(lambda cursor: "'" in cursor, failure))
plant("unknown-cursor-answers-404", "list.any-cursor-answered", "A cursor that nobody has answers 404.",
      refusing_cursors(lambda cursor: True, NotFound))
# fmt: on


@mutant("deleted-cursor-fails", "list.any-cursor-answered")
class DeletedCursorFails(Api):
    """The id of a deleted organization as a cursor makes the server fail."""

    def __init__(self, store: Store, key: str) -> None:
        super().__init__(store, key)
        self._deleted: set[str] = set()

    def delete(self, call: Call) -> Response:
        response = super().delete(call)
        self._deleted.add(call.path["id"])
        return response

    def list(self, call: Call) -> Response:
        if {call.query.get("after"), call.query.get("before")} & self._deleted:
            raise Failure("Internal error")
        return super().list(call)
