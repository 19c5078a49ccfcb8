"""The host: has an SDK installed, runs its driver, and makes calls through it."""

from __future__ import annotations

import itertools
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self, TypeAlias

from sdks import capabilities, replies
from sdks.cache import Installed, installed
from sdks.calls import Failed, Failure, Reply, SdkCall
from sdks.conversation import Conversation, Outcome
from sdks.errors import SdkError
from sdks.process import Process
from sdks.request import parse

Json: TypeAlias = Any

START_SECONDS = 60.0
"""How long a driver may take to start; the slowest known takes 2.5 s on an idle machine."""
GRACE_SECONDS = 2.0
"""What a call may take beyond its limit: a driver whose SDK can be stopped needs a moment for it."""


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class Host:
    """One SDK under test. Calls may come from several threads.

    A call through it always has an outcome, within its limit and a moment: a driver that hangs, dies or breaks the
    protocol is ended, the call's outcome is Failed, and the next call starts a new driver.
    """

    def __init__(self, driver: Installed) -> None:
        """Starts the driver. Raises SdkError when it does not start, or is not what was asked for."""
        self._driver = driver
        self._numbers = itertools.count()
        self._starting = threading.Lock()
        self._one_by_one = threading.Lock()
        self._conversation, self.started = self._start()

    @classmethod
    def open(cls, text: str, progress: Callable[[str], None] = _to_stderr) -> Self:
        """The host for what ``--sdk`` says: NAME, NAME==VERSION or NAME=PATH.

        Installs the SDK where that has not been done; `progress` gets the lines that say so. Raises SdkError.
        """
        return cls(installed(parse(text), progress))

    @property
    def name(self) -> str:
        """The SDK's name."""
        return self._driver.requested.sdk.name

    @property
    def installed(self) -> Installed:
        """The driver that it runs."""
        return self._driver

    @property
    def version(self) -> str:
        """The version that the loaded package reports, without a leading v."""
        return str(self.started["version"]).removeprefix("v")

    @property
    def unsupported(self) -> Mapping[str, str]:
        """What this SDK cannot express: names of capabilities, each with the reason."""
        found: Mapping[str, str] = self.started["unsupported"]
        return found

    @property
    def pid(self) -> int:
        """The number of the driver's process, and of its process group."""
        return self._conversation.pid

    @property
    def stderr(self) -> str:
        """The end of what the running driver has written to standard error."""
        return self._conversation.stderr

    def call(self, call: SdkCall) -> Reply:
        """Makes one call and waits for its outcome."""
        return self.call_together([call])[0]

    def call_together(self, calls: Sequence[SdkCall]) -> list[Reply]:
        """Makes `calls` at the same time, and gives their outcomes in the same order.

        Where the driver runs one call at a time, `parallel` is among `unsupported`, and one follows the other.
        """
        if "parallel" in self.unsupported:
            with self._one_by_one:
                return [self._finish(*self._begin(call)) for call in calls]
        return [self._finish(*begun) for begun in [self._begin(call) for call in calls]]

    def close(self) -> None:
        """Ends the driver."""
        self._conversation.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _begin(self, call: SdkCall) -> tuple[SdkCall, Conversation | None, Future[Outcome]]:
        reasons = capabilities.lacking(call, self.unsupported)
        if reasons:
            return call, None, _known({"type": "unsupported", "what": list(reasons)})
        try:
            conversation = self._running()
        except SdkError as error:
            return call, None, _known(Failed(Failure.DIED, str(error), ""))
        if isinstance(conversation, Failed):
            return call, None, _known(conversation)
        return call, conversation, conversation.send(call.command(next(self._numbers)))

    def _finish(self, call: SdkCall, conversation: Conversation | None, future: Future[Outcome]) -> Reply:
        if conversation is None:
            outcome = future.result()
        else:
            outcome = conversation.outcome(future, call.limits.ms / 1000 + GRACE_SECONDS, call.op)
        return outcome if isinstance(outcome, Failed) else replies.read(outcome, call.op, self.unsupported, self.stderr)

    def _running(self) -> Conversation | Failed:
        with self._starting:
            if self._conversation.ended:
                unreported = self._conversation.pop_unreported()
                if unreported is not None:
                    return unreported
                self._conversation, self.started = self._start()
            return self._conversation

    def _start(self) -> tuple[Conversation, Mapping[str, Json]]:
        asked = self._driver.requested
        try:
            conversation = Conversation(Process(self._driver.command, self._driver.folder))
        except OSError as error:
            raise SdkError(f"{asked}: its driver cannot be started: {error}") from None
        started = conversation.start(START_SECONDS)
        problem = self._problem(started)
        if problem:
            conversation.stop()
            raise SdkError(f"{asked}: {problem}")
        assert not isinstance(started, Failed)
        return conversation, started

    def _problem(self, started: Outcome) -> str | None:
        asked = self._driver.requested
        if isinstance(started, Failed):
            said = started.stderr.strip().splitlines()
            return f"its driver did not start: {started.message}" + (f": {said[-1][:300]}" if said else "")
        if started["type"] != "started":
            return f"its driver did not start: {started.get('message', started['type'])}"
        if started["sdk"] != asked.sdk.name:
            return f"its driver speaks for {started['sdk']}"
        version = started["version"].removeprefix("v")
        if asked.version is not None and version != asked.version:
            return f"the package that was loaded reports version {version}"
        return None


def _known(outcome: Outcome) -> Future[Outcome]:
    future: Future[Outcome] = Future()
    future.set_result(outcome)
    return future
