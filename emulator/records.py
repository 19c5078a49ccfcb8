"""What the emulator keeps of an organization. All moments are milliseconds since 1970, UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Key: TypeAlias = tuple[int, str]
"""Where an organization stands in a list: moment of creation, then id."""


@dataclass(frozen=True)
class Domain:
    """A domain of one organization."""

    id: str
    domain: str
    state: str
    strategy: str | None
    created_at: int
    updated_at: int


@dataclass(frozen=True)
class Organization:
    """An organization with its domains in the order in which they were given."""

    id: str
    name: str
    domains: tuple[Domain, ...]
    metadata: Mapping[str, str]
    external_id: str | None
    stripe_customer_id: str | None
    allow_profiles: bool
    created_at: int
    updated_at: int

    @property
    def key(self) -> Key:
        """Its place in lists."""
        return self.created_at, self.id
