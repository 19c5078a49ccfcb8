"""Runs pytest and looks every few milliseconds at what it is doing: `python -m benchmarks.sampled FILE [argument ...]`.

Writes to FILE, as JSON, the share of samples by phase. Profilers slow the smallest functions most; samples do not.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

PERIOD = 0.005
"""Seconds between two looks."""

PHASES = (
    ("import", ("<frozen importlib", "/_pytest/assertion/rewrite.py")),
    ("network", ("/httpx/", "/httpcore/", "/h11/", "/anyio/", "/socket.py", "/selectors.py", "/threading.py")),
    ("validation", ("/jsonschema/", "/jsonschema_rs/", "/referencing/", "/judges/shape.py")),
    ("generation", ("/hypothesis/", "/schemathesis/", "/hypothesis_jsonschema/", "/strategies/")),
    ("collection", ("pytest_collection", "perform_collect", "genitems", "_genfunctions")),
)
"""From the inside out: the innermost frame that belongs to a phase decides, whoever called it."""
OTHER = "scenarios, judges, pytest"


def phase(frame: FrameType | None) -> str:
    """What the main thread is at."""
    while frame is not None:
        at = frame.f_code.co_filename
        for name, marks in PHASES:
            if any(mark in at or mark == frame.f_code.co_name for mark in marks):
                return name
        frame = frame.f_back
    return OTHER


def main() -> int:
    """Runs pytest with the rest of the command line."""
    file, *arguments = sys.argv[1:]
    met: Counter[str] = Counter()
    ended = threading.Event()
    watched = threading.get_ident()

    def look() -> None:
        while not ended.wait(PERIOD):
            met[phase(sys._current_frames().get(watched))] += 1

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    import pytest  # its import belongs to what is measured

    code = int(pytest.main(arguments))
    ended.set()
    watcher.join()
    Path(file).write_text(json.dumps({name: count / met.total() for name, count in met.items()}), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
