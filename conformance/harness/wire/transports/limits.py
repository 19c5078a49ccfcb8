"""How long a run goes on: the time that it spends waiting, and what ends it before it is finished."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import httpx

from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.ownership.proof import http_date
from conformance.harness.wire.target import Target
from conformance.harness.wire.together import allowed
from conformance.harness.wire.transports.network import Layer

WAITS = "waits"
"""The extension in which a request carries how long it was put off by 429, in seconds."""
FIRST_PAUSE = 0.25
MOST_UNASKED = 20.0
"""Seconds of pauses, on end, for answers of 429 that name none."""
SLICE = 0.1
"""Seconds after which a pause looks whether the run is over."""
PROMPT = 1.0
"""Seconds within which nobody is kept waiting."""
FAULTS_TOLERATED = 4
"""On end; one that took all the time there was counts twice."""
MOST_REMOVAL = 60.0
"""Seconds for removing what was created, when nothing asks to wait."""
SHORT_REMOVAL = 25.0
"""The same, at the end of a run that was cut short."""


def tell_nobody(reason: str, seconds: float) -> None:
    """Keeps it to itself that the run waits."""


class RunEndedError(BaseException):
    """The run is over before it is finished. No Exception, so that nobody takes it for a fault of the target."""


class RemovalEndedError(Exception):
    """There is no more time to remove what was created."""


class Limits:
    """What a run may spend on its target, and whether it is over. One for all threads of a run."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._end = time.monotonic() + target.max_time
        self._left_to_retry = target.max_retry_wait
        self._waits_until = 0.0
        """The end of the pauses so far; requests that go out side by side are put off together."""
        self._may_wait = True
        self._left_to_wait = target.max_slowness
        self._removal_end = float("inf")
        self._lock = threading.Lock()
        self._faults = 0
        self._under_way = 0
        self.reason = ""
        """Why the run is over; empty while it is not."""
        self.is_gone = False
        """Whether it is over because the target does not answer any more."""
        self.on_wait: Callable[[str, float], None] = tell_nobody
        """Is told why the run waits, and for how many seconds, before it does."""

    def end(self, reason: str) -> None:
        """The run is over; the first reason stays."""
        self.reason = self.reason or reason
        self._may_wait = False

    def check(self) -> None:
        """Raises RunEndedError when the run is over."""
        if time.monotonic() > self._end:
            self.end(f"the run was not finished within {self._target.max_time:g} s (--max-time)")
        if self.reason:
            raise RunEndedError(self.reason)

    def begin_removal(self) -> None:
        """From here on nothing but removal is sent, for a limited time. A target that asks to wait gets more of it."""
        self._removal_end = time.monotonic() + (SHORT_REMOVAL if self.reason else MOST_REMOVAL)
        self._may_wait = not self.reason
        self._left_to_retry = self._target.max_retry_wait
        self._faults = 0
        self._end = float("inf")

    def shorten_removal(self) -> None:
        """Somebody waits for its end."""
        self._removal_end = min(self._removal_end, time.monotonic() + SHORT_REMOVAL)
        self._may_wait = False

    def end_removal(self) -> None:
        """There is no more time for it."""
        self._removal_end = 0.0
        self._may_wait = False

    def check_removal(self) -> None:
        """Raises RemovalEndedError when there is no more time for it, or nobody answers."""
        if time.monotonic() > self._removal_end or self._faults >= (1 if self.is_gone else FAULTS_TOLERATED):
            raise RemovalEndedError

    def wait(self, seconds: float) -> bool:
        """Waits, as a target has asked for by 429; False, at once, where that is more than is left or allowed.

        False as well when the run ends meanwhile. No event wakes it: a signal handler must not take its lock.
        """
        with self._lock:
            now = time.monotonic()
            more = max(0.0, now + seconds - max(now, self._waits_until))
            if not self._may_wait or more > self._left_to_retry or now + seconds > self._end:
                return False
            self._left_to_retry -= more
            self._removal_end += more
            self._waits_until = max(self._waits_until, now + seconds)
        self.on_wait("the target answers 429, too many requests", seconds)
        while self._may_wait and (left := now + seconds - time.monotonic()) > 0:
            time.sleep(min(left, SLICE))
        return self._may_wait

    def begin(self) -> int:
        """A request is about to be sent; says how many are under way, itself included."""
        with self._lock:
            self._under_way += 1
            return self._under_way

    def finish(self) -> None:
        """A request is no longer under way."""
        with self._lock:
            self._under_way -= 1

    def note(self, exchange: Exchange, waited: float, beside: int = 1) -> bool:
        """Takes in an exchange that was put off by `waited` seconds; says whether nobody seems to answer any more.

        A target that answers one request after the other takes its time for all `beside` which it was sent.
        """
        with self._lock:
            took = exchange.seconds - waited
            self._left_to_wait -= max(0.0, took / beside - PROMPT)
            if exchange.response is not None:
                self._faults = 0
            else:
                self._faults += 2 if took >= self._target.timeout else 1
            if self._left_to_wait < 0:
                self.end(f"the target is too slow: its answers have taken {self._target.max_slowness:g} s in excess")
            return self._faults >= FAULTS_TOLERATED

    def forgive(self) -> None:
        """Somebody answers after all."""
        self._faults = 0


class Limited(Layer):
    """Sends nothing more once the run is over, and ends a run whose target does not answer any more."""

    def __init__(self, inner: httpx.BaseTransport, limits: Limits) -> None:
        super().__init__(inner)
        self._limits = limits
        self._answered: httpx.Request | None = None
        """A read that was answered."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises RunEndedError when the run is over, RemovalEndedError when its removal is."""
        with allowed.requests:
            return self._handle(request)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        is_removal = bool(request.extensions.get("removal"))
        if is_removal:
            self._limits.check_removal()
        else:
            self._limits.check()
        waits = request.extensions.setdefault(WAITS, [])
        beside = self._limits.begin()
        try:
            response = self._inner.handle_request(request)
        finally:
            self._limits.finish()
        exchange: Exchange = response.extensions["exchange"]
        if exchange.response is not None and request.method == "GET":
            self._answered = request
        seems_gone = self._limits.note(exchange, sum(waits), beside)
        if seems_gone and not is_removal:
            self._look_again(exchange)
        return response

    def _look_again(self, failed: Exchange) -> None:
        """Repeats a read that was answered before: one operation that hangs is a finding, all of them are an end."""
        if self._answered is not None:
            again = httpx.Request(
                "GET", self._answered.url, headers=self._answered.headers, extensions=self._answered.extensions
            )
            exchange: Exchange = self._inner.handle_request(again).extensions["exchange"]
            if exchange.response is not None:
                self._limits.forgive()
                return
        self._limits.is_gone = True
        self._limits.end(f"the target does not answer any more: {failed.fault}")


class Retrying(Layer):
    """Waits out 429, as long as Retry-After says, within what the run may spend on it.

    Then the run is over: what a target keeps refusing so cannot be judged.
    """

    def __init__(self, inner: httpx.BaseTransport, limits: Limits) -> None:
        super().__init__(inner)
        self._limits = limits

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answers with the first response that is no 429, or with the last 429."""
        pause, unasked = FIRST_PAUSE, 0.0
        while True:
            response = self._inner.handle_request(request)
            if response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return response
            asked = retry_after(response)
            wait = max(pause, asked)
            unasked += 0.0 if asked else wait
            if unasked > MOST_UNASKED or not self._limits.wait(wait):
                self._limits.end(
                    f"too many requests: {request.method} is answered with 429 for longer than the run waits"
                )
                return response
            request.extensions.get(WAITS, []).append(wait)
            pause *= 2


def retry_after(response: httpx.Response) -> float:
    """Seconds that Retry-After asks for, as a number or by a date; 0 where it asks for nothing."""
    value = response.headers.get("retry-after", "")
    if value.isascii() and value.isdecimal():
        return float(value)
    moment = http_date(value)
    return 0.0 if moment is None else max(0.0, moment - (http_date(response.headers.get("date", "")) or time.time()))
