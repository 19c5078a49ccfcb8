"""The implementation under test."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.harness.wire.access import DIRECT, Access


@dataclass(frozen=True)
class Target:
    """Where the implementation answers, and what is granted to it."""

    base_url: str
    api_key: str = field(repr=False)
    lag: float
    """Seconds that lists and searches may show an older state (FACTS: eventual consistency)."""
    timeout: float = 10.0
    """Seconds within which an answer must be complete."""
    largest_response: int = 64 * 1024 * 1024
    """Bytes; a page of 100 full organizations stays below 4 MiB."""
    max_retry_wait: float = 90.0
    """Seconds that one request may be put off by 429 before the run gives up on it."""
    access: Access = DIRECT
    read_only: bool = False
    """Whether nothing but GET may be sent."""
