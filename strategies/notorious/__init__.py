"""Values that real code trips over: it takes them for something else, or changes them on their way.

Each of them is a legal value of its field. What goes in through one operation has to come back through
every other one, whether it goes through a server or through a client library.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, TypeVar

from strategies.notorious.entry import HOST_NAME, Fate, Field, Notorious
from strategies.notorious.fields import DOMAIN_NAMES, EXTERNAL_IDS, NAMES, SEARCHES
from strategies.notorious.metadata import KEYS, VALUES

__all__ = ["DOMAINS", "HOST_NAMES", "PAIRS", "TABLE", "Fate", "Field", "Notorious", "bodies", "notorious"]

T = TypeVar("T")

TABLE = (*NAMES, *EXTERNAL_IDS, *KEYS, *VALUES, *DOMAIN_NAMES, *SEARCHES)
"""Every notorious value, by field; within a field and a fate, what trips the most code comes first."""

HOST_NAMES = tuple(entry for entry in DOMAIN_NAMES if entry.ground is HOST_NAME)
"""Names of domains that code checks too narrowly or changes, beside which the others are ordinary."""
PAIRS = 10
"""Metadata pairs that every source lets an organization have."""
DOMAINS = 4
"""Domains of one organization: more than the one or two that code is tried with."""


def notorious(field: Field, *fates: Fate) -> list[Notorious]:
    """The values of a field, in a fixed order: those with one of these fates, by default all."""
    return [entry for entry in TABLE if entry.field is field and entry.fate in (fates or Fate)]


def bodies(own: str) -> list[dict[str, Any]]:
    """Bodies of create that hold every value that must be kept, as many in each as one organization takes.

    Each has one name and, as long as there are any left, one external_id, PAIRS pairs and DOMAINS domains:
    the first body is the fullest. A value that need not be accepted is better sent alone.
    """
    names, external_ids, keys, values, domains = (
        [entry.value(own) for entry in notorious(field, Fate.MUST)]
        for field in (Field.NAME, Field.EXTERNAL_ID, Field.METADATA_KEY, Field.METADATA_VALUE, Field.DOMAIN)
    )
    pairs = [
        (keys[number] if number < len(keys) else f"key{number}", values[number % len(values)])
        for number in range(max(len(keys), len(values)))
    ]
    loads = zip_longest(names, external_ids, _portions(pairs, PAIRS), _portions(domains, DOMAINS))
    return [_body(name or names[0], own_id, some_pairs, some) for name, own_id, some_pairs, some in loads]


def _body(
    name: str, external_id: str | None, pairs: Sequence[tuple[str, str]] | None, domains: Sequence[str] | None
) -> dict[str, Any]:
    verified = [{"domain": domain, "state": "verified"} for domain in domains or ()]
    fields = {"external_id": external_id, "metadata": dict(pairs or ()), "domain_data": verified}
    return {"name": name} | {field: value for field, value in fields.items() if value}


def _portions(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
