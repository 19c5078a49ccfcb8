"""Ends a driver when the suite that started it has gone, however it went.

Runs as a program: ``python -I -S watchdog.py PROCESS_GROUP``, with a pipe as standard input whose other end only the
suite holds. The pipe ends when the suite does, also when it was killed. "done" on the pipe says that the driver
has ended already, so that its number may belong to another process by now.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys


def main() -> None:
    """Waits for the end of standard input, then ends the process group."""
    group = int(sys.argv[1])
    if sys.stdin.buffer.read() != b"done":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
