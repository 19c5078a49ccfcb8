"""Whether a process has ended, allowing for the moment that it takes."""

from __future__ import annotations

import time
from pathlib import Path

SECONDS = 20.0


def has_ended(pid: int) -> bool:
    """Whether the process ends within SECONDS; one that only waits to be collected has ended."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False
