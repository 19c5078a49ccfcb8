"""What lists show of a target at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.ownership import proof


@dataclass
class Look:
    """What the lists show at one moment."""

    items: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    worked: bool = False
    complete: bool = False
    """Whether what they do not show is not there, as far as it carries the run's token."""


def look_of(found: Exchange) -> Look:
    """What one list shows."""
    items = proof.items_in(found)
    return Look({item["id"]: item for item in items or ()}, items is not None, proof.is_complete(found))
