"""Pages of another size than was asked for, and limits that should be refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from emulator.paging import Page, Pages
from emulator.validation import Listing, Rules
from tests.mutants.parts.failures import fail, fail_when
from tests.mutants.parts.listing import asking, query
from tests.mutants.parts.replies import replies, to_status
from tests.mutants.planting import mutant, plant


class Clamped(Rules):
    """Rules that make a limit fit."""

    def number(self, values: Any) -> int | str | None:
        number = super().number(values)
        return self.fitting(number)

    def fitting(self, number: int | str | None) -> int | str | None:
        return number


def reading_limit(read: Callable[[str], int | str | None]) -> type[Clamped]:
    """Rules that read what they take for no number in a way of their own; ValueError leaves it as it is."""

    class Reading(Clamped):
        def fitting(self, number: int | str | None) -> int | str | None:
            try:
                return read(number) if isinstance(number, str) else number
            except ValueError:
                return number

    return Reading


def failing_on_digits(limit: str) -> str:
    """Fails for a number of more digits than an integer of 64 bits has."""
    fail_when(limit.isdigit())
    return limit


# fmt: off
plant("limit-ignored-without-filter", "list.limit", "A list without a filter holds ten, whatever the limit.",
      asking(lambda listing: listing if listing.search or listing.domains else dataclasses.replace(listing, limit=10)))

plant("limit-101", "list.limit-out-of-bounds", "A limit of 101 is accepted.",
      query("limit", {"type": "integer", "minimum": 1, "maximum": 101}))
plant("limit-zero", "list.limit-out-of-bounds", "A limit of 0 is accepted.",
      query("limit", {"type": "integer", "minimum": 0, "maximum": 100}))
plant("list-200-for-422", "list.limit-out-of-bounds", "list answers 200 in the place of 422.",
      replies(to_status(200), 422, "list"), operation="list")
plant("list-400-for-422", "list.limit-out-of-bounds", "list answers 400 in the place of 422.",
      replies(to_status(400), 422, "list"), operation="list")
plant("list-404-for-422", "list.limit-out-of-bounds", "list answers 404 in the place of 422.",
      replies(to_status(404), 422, "list"), operation="list")
plant("list-500-for-422", "list.limit-out-of-bounds", "list answers 500 in the place of 422.",
      replies(to_status(500), 422, "list"), operation="list")
plant("limit-of-twenty-digits-fails", "list.limit-out-of-bounds", "A limit of twenty digits makes the server fail.",
      reading_limit(failing_on_digits))
plant("limit-of-twenty-digits-ignored", "list.limit-out-of-bounds", "A limit of twenty digits counts as none.",
      reading_limit(lambda limit: None if limit.isdigit() else limit))

plant("limit-in-other-digits", "list.limit-type", "A limit may be written in other digits than those of ASCII.",
      reading_limit(int))
plant("limit-with-exponent", "list.limit-type", "A limit may have an exponent: 1e1 is 10.",
      reading_limit(lambda limit: int(float(limit))))
plant("limit-in-hexadecimal", "list.limit-type", "A limit may be hexadecimal: 0x0A is 10.",
      reading_limit(lambda limit: int(limit, 16) if limit.startswith("0x") else limit))
plant("limit-with-white-space", "list.limit-type", "A limit may have white space around it.",
      reading_limit(lambda limit: int(limit) if limit.strip().isdigit() else limit))
plant("limit-of-text-fails", "list.limit-type", "A limit that is no number makes the server fail.",
      reading_limit(lambda limit: fail()))
plant("limit-ignored-with-domains", "list.limit", "A list of domains holds ten, whatever the limit.",
      asking(lambda listing: dataclasses.replace(listing, limit=10) if listing.domains else listing),
      occasion="list.filter-survives-paging")
# fmt: on


@mutant("limit-ignored", "list.limit")
class LimitIgnored(Pages):
    """Every page holds ten, whatever the limit."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=10))


@mutant("page-one-too-many", "list.limit")
class PageOneTooMany(Pages):
    """A page holds one more than the limit."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=listing.limit + 1))


@mutant("limit-forgotten-behind-a-cursor", "list.limit")
class LimitForgottenBehindACursor(Pages):
    """Pages after the first hold ten, whatever the limit."""

    def page(self, listing: Listing) -> Page:
        limit = 10 if listing.after or listing.before else listing.limit
        return super().page(dataclasses.replace(listing, limit=limit))


@mutant("limit-above-clamped", "list.limit-out-of-bounds")
class LimitAboveClamped(Clamped):
    """A limit above 100 counts as 100."""

    def fitting(self, number: int | str | None) -> int | str | None:
        return min(number, 100) if isinstance(number, int) else number


@mutant("limit-below-clamped", "list.limit-out-of-bounds")
class LimitBelowClamped(Clamped):
    """A limit below 1 counts as 1."""

    def fitting(self, number: int | str | None) -> int | str | None:
        return max(number, 1) if isinstance(number, int) else number


@mutant("limit-zero-is-default", "list.limit-out-of-bounds")
class LimitZeroIsDefault(Clamped):
    """A limit of 0 counts as none."""

    def fitting(self, number: int | str | None) -> int | str | None:
        return number or None


@mutant("limit-of-other-type-ignored", "list.limit-type")
class LimitOfOtherTypeIgnored(Clamped):
    """A limit that is no number is ignored."""

    def fitting(self, number: int | str | None) -> int | str | None:
        return None if isinstance(number, str) else number


@mutant("limit-read-leniently", "list.limit-type")
class LimitReadLeniently(Clamped):
    """A limit is read as far as there are digits."""

    def fitting(self, number: int | str | None) -> int | str | None:
        digits = number.partition(".")[0] if isinstance(number, str) else ""
        return int(digits) if digits.isdigit() else 10 if isinstance(number, str) else number


@mutant("limit-wraps-at-32-bits", "list.limit-out-of-bounds")
class LimitWrapsAt32Bits(Clamped):
    """A limit is cut to 32 bits: 4294967297 counts as 1."""

    def fitting(self, number: int | str | None) -> int | str | None:
        return number % 2**32 if isinstance(number, int) and number > 2**31 else number


@mutant("limit-two-at-least", "list.limit")
class LimitTwoAtLeast(Pages):
    """A page holds two at least."""

    def page(self, listing: Listing) -> Page:
        return super().page(dataclasses.replace(listing, limit=max(2, listing.limit)))
