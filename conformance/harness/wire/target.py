"""The implementation under test."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.harness.wire.transports.access import DIRECT, Access


@dataclass(frozen=True)
class Target:
    """Where the implementation answers, and what is granted to it."""

    base_url: str
    api_key: str = field(repr=False)
    lag: float
    """Seconds that lists and searches may show an older state (FACTS: eventual consistency)."""
    timeout: float = 10.0
    """Seconds within which an answer must be complete."""
    largest_response: int = 8 * 1024 * 1024
    """Bytes of a list, unpacked; a page of 100 full organizations stays below 4 MiB."""
    largest_single_response: int = 1024 * 1024
    """Bytes of any other response, unpacked; a full organization stays below 64 KiB."""
    max_retry_wait: float = 61.0
    """Seconds that a run lets itself be put off by 429, all together: the limits in FACTS.md are of one minute."""
    max_slowness: float = 20.0
    """Seconds that a run spends waiting for answers that take longer than a second, all together."""
    max_time: float = float("inf")
    """Seconds after which a run ends, finished or not."""
    access: Access = DIRECT
    read_only: bool = False
    """Whether nothing but GET may be sent."""
