"""Bodies that every source allows and that are too large for this server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from emulator.refusals import InvalidMetadata, Refusal
from tests.mutants.parts.bodies import checking, keyword, refuse_larger_than, relaxed, taken_in
from tests.mutants.parts.objects import convert, organizations
from tests.mutants.planting import plant


class TooLarge(Refusal):
    """The body is larger than the server reads."""

    status = 413


def larger_than(most: int) -> Callable[[bytes], None]:
    """Refuses with 413 what has more bytes."""

    def check(content: bytes) -> None:
        if len(content) > most:
            raise TooLarge("The body is too large.")

    return check


def within_5000(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """Metadata, unless they have more than 5,000 characters together."""
    if sum(len(key) + len(value or "") for key, value in metadata.items()) > 5000:
        raise InvalidMetadata("metadata must have at most 5000 characters.")
    return metadata


def fitting_5000(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """As many pairs of metadata as fit into 5,000 characters."""
    kept: dict[str, Any] = {}
    for key, value in metadata.items():
        if sum(len(f"{known}{text}") for known, text in kept.items()) + len(f"{key}{value}") <= 5000:
            kept[key] = value
    return kept


# fmt: off
plant("body-of-6-kb-refused", "body.ten-full-pairs", "A body of more than 6,000 bytes answers 413.",
      checking(larger_than(6000)))
plant("body-of-4-kb-refused", "body.ten-full-pairs", "A body of more than 4,096 bytes is refused.",
      checking(refuse_larger_than(4096)))
plant("metadata-of-5000-refused", "body.ten-full-pairs", "Metadata of more than 5,000 characters together are refused.",
      taken_in("metadata", within_5000))
plant("metadata-of-5000-cut", "body.ten-full-pairs", "Pairs of metadata beyond 5,000 characters together are lost.",
      taken_in("metadata", fitting_5000))
plant("body-of-6-kb-refused-on-update", "body.ten-full-pairs", "An update of more than 6,000 bytes answers 413.",
      checking(larger_than(6000), ("update",)), operation="update")

plant("four-domains-shown", "body.ten-domains", "Of the domains of an organization four are shown.",
      organizations(convert("domains", lambda domains: domains[:4])))
plant("eight-domains-listed", "body.ten-domains", "A list shows eight domains of an organization.",
      organizations(convert("domains", lambda domains: domains[:8]), ("list",)))
plant("five-domains-kept", "body.ten-domains", "Of the domains that were sent five are kept.",
      taken_in("domain_data", lambda items: items[:5]))
plant("nine-domains-at-most", "body.ten-domains", "More than nine domains are refused.",
      relaxed(keyword("domain_data", "maxItems", 9)))
# fmt: on
