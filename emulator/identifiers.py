"""Time in milliseconds, and identifiers that sort by it."""

from __future__ import annotations

import secrets
import threading
import time

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BITS = 80


def now() -> int:
    """Milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


class Ulids:
    """Makes ULIDs: 26 characters, each greater than all that this object made before."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def new(self, moment: int) -> str:
        """A ULID for a moment in milliseconds; a moment that went back in time counts as the last one."""
        with self._lock:
            fresh = moment << RANDOM_BITS | secrets.randbits(RANDOM_BITS)
            if fresh >> RANDOM_BITS <= self._last >> RANDOM_BITS:
                fresh = self._last + 1
            self._last = fresh
        return "".join(CROCKFORD[fresh >> shift & 31] for shift in range(125, -1, -5))
