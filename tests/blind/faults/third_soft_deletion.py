"""Organizations that were deleted and still count, as rows that are only marked do."""

from __future__ import annotations

from starlette.types import ASGIApp

from emulator.paging import Pages
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.validation import Listing
from emulator.walks import Direction
from tests.blind.parts.apps import app
from tests.blind.parts.stores import EVERYBODY
from tests.blind.registry import fault
from tests.blind.wire import Wire

SOFT = "rows marked as deleted"


class SoftStore(Store):
    """A store that keeps what was deleted, out of sight."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: set[str] = set()
        self.hides = True

    def delete(self, organization: Organization) -> None:
        """Frees what was unique and remembers that it is gone."""
        free = "UPDATE organization SET external_id = NULL, stripe_customer_id = NULL WHERE id = ?"
        self._connection.execute(free, (organization.id,))
        self._delete_domains(organization.id)
        self.gone.add(organization.id)

    def by_id(self, id: str) -> Organization | None:
        """The organization, unless it is gone."""
        return None if id in self.gone else super().by_id(id)


def _walk_over_a_gap(w: Wire) -> bool:
    first, second, third = w.many(3)
    w.delete(second)
    return w.walk(limit=1) == [third] != [third, first]


@fault(SOFT, "none: a walk finds all", _walk_over_a_gap, "soft deletion, filtered after LIMIT")
def a_deleted_neighbour_ends_the_list() -> ASGIApp:
    """Deleted organizations are taken off after the limit was applied: where the next one is deleted, the list ends."""

    class Late(SoftStore):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, limit, search, domain)
            return [each for each in found if each.id not in self.gone]

    return app(Late())


def _cursor_to_nothing(w: Wire) -> bool:
    first, second = w.many(2)
    w.delete(first)
    return bool(w.cursors(limit=1)[1] == second)


@fault(SOFT, "none: no cursor on the last page", _cursor_to_nothing, "soft deletion, forgotten in EXISTS")
def deleted_ones_count_as_more() -> ASGIApp:
    """Where only deleted organizations follow, the last page has a cursor onwards."""

    class Early(SoftStore):
        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            if not self.hides:
                return super()._walk(direction, than, limit, search, domain)
            found = super()._walk(direction, than, EVERYBODY, search, domain)
            return [each for each in found if each.id not in self.gone][:limit]

    class Counting(Pages):
        def cursor_onwards(self, listing: Listing, page: list[Organization]) -> str | None:
            assert isinstance(self.store, SoftStore)
            self.store.hides = False
            try:
                return super().cursor_onwards(listing, page)
            finally:
                self.store.hides = True

    return app(Early(), pages=Counting)
