"""A conversation with one driver process: every message that is sent gets exactly one outcome."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, TypeAlias

from sdks import protocol
from sdks.calls import Failed, Failure
from sdks.process import LineTooLongError, Process

Json: TypeAlias = Any
Outcome: TypeAlias = dict[str, Json] | Failed

STOP_SECONDS = 2.0
"""How long a driver may take to stop by itself."""

EXIT_SECONDS = 1.0
"""How long after the end of its standard output the status of a driver is waited for."""

ENDED_WITH_ANOTHER = "the driver was ended with another call"
"""Begins the message of a call that was under way when its driver was ended because of another one."""

_START = -1
"""Stands for the number of a call where `start` waits for its reply."""


class Conversation:
    """Matches replies to messages.

    A message's outcome is its reply, or Failed: the process ended, was ended, or wrote something that is no reply
    to anything. From the first Failed on the process has ended, and every later message fails at once.
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self._lock = threading.Lock()
        self._pending: dict[int, Future[Outcome]] = {}
        self._failed: tuple[Failure, str] | None = None
        self._unreported = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def ended(self) -> bool:
        """Whether it takes no more messages."""
        return self._failed is not None

    def pop_unreported(self) -> Failed | None:
        """What the driver wrote between two calls and is no reply to any; the first time that it is asked for."""
        with self._lock:
            unreported, self._unreported = self._unreported, False
            return Failed(*self._failed, self.stderr) if unreported and self._failed else None

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def stderr(self) -> str:
        """The end of what the driver has written to standard error."""
        return self._process.stderr()

    def start(self, seconds: float) -> Outcome:
        """Sends `start` and waits for its outcome."""
        return self.outcome(self._send(_START, protocol.START), seconds, "start")

    def send(self, command: Mapping[str, Json]) -> Future[Outcome]:
        """Sends a call. Raises ProtocolError when it is none of the protocol."""
        return self._send(command["seq"], command)

    def outcome(self, future: Future[Outcome], seconds: float, what: str) -> Outcome:
        """Waits for an outcome; when there is none after `seconds`, ends the process, and then there is one."""
        try:
            return future.result(seconds)
        except TimeoutError:
            self.fail(Failure.HUNG, f"{what}: no reply within {seconds:g} s", culprit=future)
            return future.result()

    def fail(self, failure: Failure, message: str, culprit: Future[Outcome] | None = None) -> None:
        """Ends the process; every message without a reply gets this outcome. Does nothing the second time.

        When one message is to blame, only that one gets it; the others say that the driver was ended.
        """
        with self._lock:
            if self._failed is not None:
                return
            self._failed = (failure, message)
            self._unreported = failure is Failure.PROTOCOL and not self._pending
        status = self._process.end()
        if failure is Failure.DIED:
            message = f"{message} (status {status})"
        with self._lock:
            pending, self._pending = self._pending, {}
        for future in pending.values():
            if culprit in (None, future):
                future.set_result(Failed(failure, message, self.stderr))
            else:
                future.set_result(Failed(Failure.DIED, f"{ENDED_WITH_ANOTHER} ({message})", self.stderr))

    def stop(self) -> None:
        """Lets the driver stop by itself, and ends what then still runs."""
        self._process.write(protocol.encode(protocol.STOP))
        self._process.close_input()
        self._reader.join(STOP_SECONDS)
        self.fail(Failure.DIED, "the driver was stopped")
        self._reader.join(STOP_SECONDS)

    def _send(self, number: int, command: Mapping[str, Json]) -> Future[Outcome]:
        line = protocol.encode(command)
        future: Future[Outcome] = Future()
        with self._lock:
            if self._failed is not None:
                future.set_result(Failed(*self._failed, self.stderr))
                return future
            self._pending[number] = future
        self._process.write(line)
        return future

    def _read(self) -> None:
        try:
            for line in self._process.lines():
                self._take(protocol.decode(line))
        except (protocol.ProtocolError, LineTooLongError) as error:
            self.fail(Failure.PROTOCOL, f"standard output: {error}")
        else:
            self._process.wait(EXIT_SECONDS)
            self.fail(Failure.DIED, "the driver ended without a reply")

    def _take(self, reply: dict[str, Json]) -> None:
        number = _START if reply["type"] == "started" else reply["seq"]
        if number is None and _START in self._pending:
            number = _START
        with self._lock:
            future = self._pending.pop(number, None)
        if future is None:
            raise protocol.ProtocolError(f"a reply to nothing that was asked: {str(reply)[:200]}")
        future.set_result(reply)
