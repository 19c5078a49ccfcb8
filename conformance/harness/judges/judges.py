"""The judges of a run: what is held against every exchange and every call as it passes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import httpx

from conformance.harness.api.call import Call
from conformance.harness.judges import shape
from conformance.harness.judges.finding import BlockedError, Finding
from conformance.harness.judges.ledger import Ledger
from conformance.harness.judges.state.memory import Memory
from conformance.harness.judges.state.overlap import Watch
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.transports.chain import Listener

HANGS_TOLERATED = 2


class Judges:
    """Shows every exchange and every call to the judges, one at a time, and keeps what they find."""

    def __init__(self, lag: float, timeout: float, wire: Listener) -> None:
        self.ledger = Ledger()
        self._memory = Memory(lag)
        self._lock = threading.Lock()
        self._wire = wire
        self._timeout = timeout
        self._hangs: Counter[str] = Counter()
        self._given_up: set[str] = set()
        self.before_call: Callable[[str, Mapping[str, Any]], None] = lambda operation, arguments: None
        """Raises BlockedError for an operation that is not there; set by who knows that."""
        self.on_hang: Callable[[Exchange], None] = lambda exchange: None
        """Told of an operation that keeps hanging, so that a run stays bounded."""

    def on_request(self, request: httpx.Request) -> None:
        """See transport.Listener."""
        self._wire.on_request(request)

    def on_response(self, exchange: Exchange) -> None:
        """See transport.Listener: the form of the response is judged, whoever asked."""
        with self._lock:
            self.ledger.record(exchange)
            self._wire.on_response(exchange)
            self.ledger.add(shape.judge(exchange))
            self._note_hang(exchange)

    def on_call(self, operation: str, arguments: Mapping[str, Any]) -> object:
        """See port.CallListener."""
        self.before_call(operation, arguments)
        with self._lock:
            return self._memory.on_call(operation, arguments)

    def on_outcome(self, call: Call, begun: object) -> None:
        """See port.CallListener: what the call says of organizations is held against what was last written."""
        assert isinstance(begun, Watch)
        with self._lock:
            found = list(self._memory.on_outcome(call, begun))
            if call.operation not in self._given_up:
                self.ledger.add(found)

    def on_use(self, exchanges: Iterable[Exchange], findings: Iterable[Finding]) -> None:
        """An SDK was used: what the wire saw of it, and what is wrong with it."""
        with self._lock:
            for exchange in exchanges:
                self.ledger.record(exchange)
            self.ledger.add(findings)

    def add(self, finding: Finding) -> None:
        """Notes what a scenario has found."""
        with self._lock:
            self.ledger.add([finding])

    def give_up(self, operation: str) -> None:
        """Says no more of the behaviour of an operation that is not there: that it is not is the one thing to say."""
        with self._lock:
            self._given_up.add(operation)
            self.ledger.forget(operation)

    @property
    def ignored_update(self) -> Finding | None:
        """That an update of several fields was answered as if nothing had been asked for; None as long as none was."""
        return self._memory.ignored_update

    @property
    def last_write(self) -> float:
        """When anything was last written, on the monotonic clock."""
        return self._memory.last_write

    def alive(self, token: str = "") -> set[str]:
        """Ids of the organizations of the run that are there, of those whose names begin with its token or of all."""
        with self._lock:
            return self._memory.named(token)

    def unread(self) -> set[str]:
        """Ids of the organizations of the run that nothing has read by them, nor changed, since they were created."""
        with self._lock:
            return self._memory.unread()

    def has_no_metadata(self, id: str) -> bool:
        """Whether the last that is known of the organization is that it holds no metadata."""
        with self._lock:
            return self._memory.has_no_metadata(id)

    def needs_kept(self, operation: str, field: str) -> None:
        """Raises BlockedError where the write is known to lose ordinary values of the field."""
        with self._lock:
            finding = self._memory.lost(operation, field)
        if finding is not None:
            raise BlockedError(finding)

    def needs_met(self, requirement: str, operation: str) -> None:
        """Raises BlockedError where the requirement is known to be broken at the operation."""
        with self._lock:
            found = self.ledger.findings(requirement, operation)
        if found:
            raise BlockedError(found[0])

    def saw_deleted(self, id: str) -> bool:
        """Whether a call of the run has deleted the organization."""
        with self._lock:
            return self._memory.is_deleted(id)

    def disagreements(self, call: Call) -> list[Finding]:
        """What a list shows of the organizations of the run that is not as it was last written."""
        with self._lock:
            return self._memory.disagreements(call)

    def _note_hang(self, exchange: Exchange) -> None:
        if exchange.response is None and exchange.seconds >= self._timeout:
            self._hangs[exchange.operation] += 1
            if self._hangs[exchange.operation] == HANGS_TOLERATED:
                self.on_hang(exchange)
