"""Queries that break a rule and are taken, or keep the rules and are refused."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

from emulator.refusals import Fault, InvalidParameters
from emulator.validation import Rules
from tests.mutants.planting import mutant, plant


def query(name: str, schema: dict[str, Any]) -> type[Rules]:
    """Rules with another schema for a query parameter."""

    class Asked(Rules):
        def __init__(self) -> None:
            super().__init__()
            self._query[name] = Draft202012Validator(schema)

    return Asked


class Clamped(Rules):
    """Rules that make a limit fit."""

    def number(self, values: Any) -> int | str | None:
        number = super().number(values)
        return self.fitting(number)

    def fitting(self, number: int | str | None) -> int | str | None:
        return number


@mutant("list.limit-out-of-bounds")
class LimitAboveClamped(Clamped):
    """A limit above 100 counts as 100."""

    def fitting(self, number: int | str | None) -> int | str | None:
        return min(number, 100) if isinstance(number, int) else number


@mutant("list.limit-out-of-bounds")
class LimitBelowClamped(Clamped):
    """A limit below 1 counts as 1."""

    def fitting(self, number: int | str | None) -> int | str | None:
        return max(number, 1) if isinstance(number, int) else number


@mutant("list.limit-out-of-bounds")
class LimitZeroIsDefault(Clamped):
    """A limit of 0 counts as none."""

    def fitting(self, number: int | str | None) -> int | str | None:
        return number or None


@mutant("list.limit-type")
class LimitOfOtherTypeIgnored(Clamped):
    """A limit that is no number is ignored."""

    def fitting(self, number: int | str | None) -> int | str | None:
        return None if isinstance(number, str) else number


@mutant("list.limit-type")
class LimitReadLeniently(Clamped):
    """A limit is read as far as there are digits."""

    def fitting(self, number: int | str | None) -> int | str | None:
        digits = number.partition(".")[0] if isinstance(number, str) else ""
        return int(digits) if digits.isdigit() else 10 if isinstance(number, str) else number


plant("limit-101", "list.limit-out-of-bounds", "A limit of 101 is accepted.",
      query("limit", {"type": "integer", "minimum": 1, "maximum": 101}))  # fmt: skip
plant("limit-99", "list.limit", "A limit of 100 is refused.",
      query("limit", {"type": "integer", "minimum": 1, "maximum": 99}))  # fmt: skip
plant("limit-zero", "list.limit-out-of-bounds", "A limit of 0 is accepted.",
      query("limit", {"type": "integer", "minimum": 0, "maximum": 100}))  # fmt: skip
plant("normal-refused", "list.order", "The order normal is refused.", query("order", {"enum": ["asc", "desc"]}))
plant("order-in-capitals", "list.order-unknown", "DESC will do for desc.",
      query("order", {"enum": ["asc", "desc", "normal", "ASC", "DESC", "Asc", "Desc"]}))  # fmt: skip


@mutant("list.order-unknown")
class OrderUnchecked(Rules):
    """An order that is unknown counts as desc."""

    def check_query(self, given: Any) -> None:
        super().check_query({name: value for name, value in given.items() if name != "order"})


@mutant("list.filters-combine")
class SearchAndDomainsConflict(Rules):
    """search and domains together are refused."""

    def check_query(self, given: Any) -> None:
        super().check_query(given)
        if "search" in given and "domains" in given:
            raise InvalidParameters([Fault("conflicting", "search", "search cannot be combined with domains")])


@mutant("list.accepts-valid-queries")
class SearchTooShort(Rules):
    """A search of fewer than three characters is refused."""

    def check_query(self, given: Any) -> None:
        super().check_query(given)
        if 0 < len(given.get("search", "")) < 3:
            raise InvalidParameters([Fault("too_short", "search", "search must have three characters")])
