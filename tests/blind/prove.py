"""Proves over a real socket that whatever is planted shows, and shows only where it is planted.

`python -m tests.blind.prove [PREFIX...]` prints a table and exits with 1 where a proof does not hold.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from emulator.server import serving
from tests.blind.parts.apps import app
from tests.blind.registry import Planted, everything


def main(prefixes: Sequence[str]) -> int:
    """Proves all, or those whose name begins with one of the prefixes."""
    chosen = [planted for name, planted in everything().items() if name.startswith(tuple(prefixes) or "")]
    width = max((len(planted.name) for planted in chosen), default=0)
    broken = 0
    for planted in chosen:
        complaint = doubt(planted)
        broken += bool(complaint)
        print(f"{planted.name:{width}}  {planted.group:7}  {complaint or 'holds'}", flush=True)
    print(f"{dict(Counter(planted.group for planted in chosen))}; {broken} of {len(chosen)} proofs do not hold")
    return 1 if broken else 0


def doubt(planted: Planted) -> str:
    """Why the proof does not hold; nothing where it does."""
    faulty = outcome(planted, planted.served)
    if faulty != "True":
        return f"where it is planted: {faulty}"
    correct = outcome(planted, lambda: serving(app()))
    return "" if correct == "False" else f"at the correct emulator: {correct}"


def outcome(planted: Planted, serve: Callable[[], AbstractContextManager[str]]) -> str:
    """Whether it shows at a server, or what went wrong there."""
    try:
        with serve() as url:
            return str(planted.shows_at(url))
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:160]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
