"""Creates that came before, by their Idempotency-Key (R, K: whether the API still honours it is open)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from emulator.records import Organization
from emulator.refusals import IdempotencyKeyReused


class Replays:
    """Remembers, while the process lives, what each key made."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[str, Organization]] = {}

    def recall(self, key: str | None, body: Mapping[str, Any]) -> Organization | None:
        """What this key and body made before. Raises IdempotencyKeyReused when the body was another one."""
        if not key or key not in self._made:
            return None
        known, organization = self._made[key]
        if known != canonical(body):
            raise IdempotencyKeyReused(key)
        return organization

    def remember(self, key: str | None, body: Mapping[str, Any], organization: Organization) -> None:
        """Keeps what a key made; without a key there is nothing to keep."""
        if key:
            self._made[key] = (canonical(body), organization)


def canonical(body: Mapping[str, Any]) -> str:
    """The same text for the same JSON object, whatever the order of its fields."""
    return json.dumps(body, sort_keys=True)
