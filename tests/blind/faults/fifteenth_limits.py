"""Orders and limits of lists."""

from __future__ import annotations

import dataclasses

from starlette.types import ASGIApp

from emulator.paging import Pages
from emulator.records import Organization
from emulator.validation import Listing
from tests.blind.parts.apps import app
from tests.blind.parts.listing import listing, requery
from tests.blind.parts.stores import EVERYBODY
from tests.blind.registry import fault
from tests.blind.wire import Wire, token

replace = dataclasses.replace


def _wrong_side(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return ids[1] not in w.ids(search=name, limit=1, order="asc", after=ids[0])


@fault("order", "list.walk-forward", _wrong_side, "WHERE id < :after for either order")
def fifteenth_ascending_pages_go_down() -> ASGIApp:
    """Under asc the cursor after leads to the organizations older than its own."""

    class Less(Pages):
        def organizations(self, listing: Listing) -> list[Organization]:
            if listing.order == "asc" and listing.after and not listing.before:
                found = self.older(listing, self.key(listing, listing.after), EVERYBODY)
                return found[::-1][: listing.limit]
            return super().organizations(listing)

    return app(pages=Less)


def _not_reversed(w: Wire) -> object:
    name = token()
    ids = w.many(3, name=name)
    return w.ids(search=name, limit=1, order="normal", after=ids[2]) == [ids[1]]


@fault("order", "list.normal-reverses-cursors", _not_reversed, "normal taken for another word for desc")
def fifteenth_normal_is_desc() -> ASGIApp:
    """Under normal the cursors lead as under desc."""
    return listing(lambda asked: replace(asked, order="desc") if asked.order == "normal" else asked)


@fault(
    "limit",
    "list.limit-out-of-bounds",
    lambda w: w.list(limit=0).status_code == 200,
    "Node: const limit = Number(req.query.limit) || 10",
)
def fifteenth_limit_zero_is_the_default() -> ASGIApp:
    """A limit of 0 counts as none."""
    return requery(r"(^|&)limit=0+(?=&|$)", r"\g<1>limit=10")


@fault(
    "limit",
    "list.limit-out-of-bounds",
    lambda w: w.list(limit=101).status_code == 200,
    "Math.min(limit, 100)",
)
def fifteenth_large_limits_are_clamped() -> ASGIApp:
    """A limit above 100 is taken for 100."""
    return requery(r"(^|&)limit=0*([1-9][0-9]{3,}|10[1-9]|1[1-9][0-9]|[2-9][0-9]{2})(?=&|$)", r"\g<1>limit=100")


@fault(
    "limit",
    "list.limit-type",
    lambda w: w.list(limit="10abc").status_code == 200,
    "JavaScript: parseInt",
)
def fifteenth_limit_is_what_parse_int_reads() -> ASGIApp:
    """A limit is read up to its first character that is no digit."""
    return requery(r"(^|&)limit=([1-9][0-9]*)[^0-9&][^&]*", r"\g<1>limit=\g<2>")


@fault(
    "order",
    "list.order-unknown",
    lambda w: w.list(order="sideways").status_code == 200,
    "order === 'asc' ? 'ASC' : 'DESC'",
)
def fifteenth_unknown_orders_are_descending() -> ASGIApp:
    """An order that nobody documented is taken for desc."""
    return requery(r"(^|&)order=(?!(asc|desc|normal)(&|$))[^&]+", r"\g<1>order=desc")
