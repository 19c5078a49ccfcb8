"""A driver's process: lines to it, lines from it, and its end."""

from __future__ import annotations

import collections
import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sdks.environment import for_driver
from sdks.table import FOLDER

LONGEST_LINE = 64 * 1024 * 1024
"""Of a driver's line, in bytes."""
STDERR_CHUNKS = 16
STDERR_CHUNK = 1024
"""So many chunks of so many bytes are kept of the end of a driver's standard error."""
_MOMENT = 2.0
"""Seconds in which a pipe whose other end was killed has ended; longer only when something left the group."""


class LineTooLongError(Exception):
    """A driver wrote more than LONGEST_LINE bytes without ending the line."""


class Process:
    """A program in a process group of its own, with a watchdog that ends it when this process has gone.

    Raises OSError when the program cannot be started.
    """

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - the command of an installed driver
            command,
            cwd=folder,
            env=for_driver(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._watchdog = subprocess.Popen(  # noqa: S603 - a program of our own
            [sys.executable, "-I", "-S", str(FOLDER / "watchdog.py"), str(self._process.pid)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._stderr: collections.deque[bytes] = collections.deque(maxlen=STDERR_CHUNKS)
        # Threads of their own: a driver that reads nothing, or writes without end, holds up nobody.
        self._writer = _thread(self._write)
        self._listener = _thread(self._keep_stderr)

    @property
    def pid(self) -> int:
        """The number of the process, and of its group."""
        return self._process.pid

    def write(self, line: bytes) -> None:
        """Queues a line for standard input; lost without a word when the process has ended."""
        self._outgoing.put(line)

    def close_input(self) -> None:
        """Ends standard input after the lines queued so far."""
        self._outgoing.put(None)

    def lines(self) -> Iterator[bytes]:
        """The lines of standard output, until its end. Raises LineTooLongError."""
        assert self._process.stdout is not None
        with self._process.stdout as stdout:
            while line := stdout.readline(LONGEST_LINE):
                if line.endswith(b"\n"):
                    yield line
                elif len(line) == LONGEST_LINE:
                    raise LineTooLongError(f"a line of more than {LONGEST_LINE} bytes")

    def wait(self, seconds: float) -> None:
        """Gives the process a moment to end by itself, so that `end` finds the status that it chose."""
        deadline = time.monotonic() + seconds
        # ChildProcessError: `end` has collected it meanwhile. WNOWAIT does not, so that its number stays taken.
        with contextlib.suppress(ChildProcessError):
            while sys.platform != "darwin" and time.monotonic() < deadline:
                if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                    return
                time.sleep(0.01)

    def end(self) -> int:
        """Ends the whole group at once, and gives the status with which the process ended, negative for a signal."""
        # Not waited for before: until then its number is taken, and the group is nobody else's.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        status = self._process.wait()
        self.close_input()
        with contextlib.suppress(BrokenPipeError):
            self._watchdog.communicate(b"done")
        self._writer.join(_MOMENT)
        self._listener.join(_MOMENT)
        return status

    def stderr(self) -> str:
        """The end of what the process has written to standard error."""
        return b"".join(tuple(self._stderr)).decode("utf-8", "replace")

    def _write(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError), self._process.stdin as stdin:
            while (line := self._outgoing.get()) is not None:
                stdin.write(line)
                stdin.flush()

    def _keep_stderr(self) -> None:
        assert self._process.stderr is not None
        with self._process.stderr as stderr:
            while chunk := os.read(stderr.fileno(), STDERR_CHUNK):
                self._stderr.append(chunk)


def _thread(target: collections.abc.Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    return thread
