"""One run of the suite against one target: its parts, put together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import httpx

from conformance.harness.api.http import Wire
from conformance.harness.api.port import Organizations
from conformance.harness.api.sdk import SdkCaller
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.fixtures.sdk import SdkUnderTest
from conformance.harness.judges.judges import Judges
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.ownership.journal import SUFFIX, Journal
from conformance.harness.wire.ownership.owner import Ownership
from conformance.harness.wire.ownership.removal import Removal
from conformance.harness.wire.proxy.server import RecordingProxy
from conformance.harness.wire.target import Target
from conformance.harness.wire.transports.chain import build_client
from conformance.harness.wire.transports.forwarding import forwarding
from conformance.harness.wire.transports.limits import Limits
from conformance.harness.wire.transports.walls import Walls
from sdks.host import Host
from strategies.drafts import Drafts, random_token


class Run:
    """The way to the target, the judges along it, and what the run created there.

    Everything that the run creates carries its `token`, random letters that no other run shares, so
    that runs at one target do not disturb each other.

    With a host the SDK that it runs is the subject: calls go through it, and what the target answers is not judged.
    """

    def __init__(
        self,
        target: Target,
        journals: Path,
        outside: httpx.BaseTransport | None = None,
        session: str = "",
        host: Host | None = None,
    ) -> None:
        self.target = target
        self.token = random_token()
        self.journal = Journal(journals / f"{self.token}{SUFFIX}", target.base_url, self.token, session)
        self.ownership = Ownership(self.journal)
        self.walls = Walls(self.ownership)
        self.judges = Judges(target.lag, target.timeout, self.walls)
        self.ledger = self.judges.ledger
        self.limits = Limits(target)
        listener = OwnershipAlone(self.ownership) if host else self.judges
        self._http = build_client(target, self.ownership, listener, outside, self.limits)
        self.wire = Wire(self._http, self.judges)
        self.proxy = RecordingProxy(target.base_url, forwarding(self._http)) if host else None
        self.sdk = SdkUnderTest(SdkCaller(host, self.proxy, self.token), self.judges) if host and self.proxy else None
        self.organizations: Organizations = self.sdk.organizations if self.sdk else self.wire.organizations
        self.drafts = Drafts(self.token, self.ownership.unknown_id)
        self.eventually = Eventually(target.lag, lambda: self.judges.last_write)

    def tell_waits(self, tell: Callable[[str, float], None]) -> None:
        """From here on `tell` is told why the run waits, and for how many seconds."""
        self.limits.on_wait = self.eventually.on_wait = tell

    def remove_everything(self) -> list[str]:
        """Deletes what the run created; gives what may be left of it, as Removal says it."""
        if self.proxy is not None:
            self.proxy.close()
        self.limits.begin_removal()
        left = Removal(self._http, self.journal, self.ownership, self.target.lag).remove_everything()
        self._http.close()
        self.journal.close()
        return left


class OwnershipAlone:
    """A listener for the way to a target that is not judged: only what was created there is noted."""

    def __init__(self, ownership: Ownership) -> None:
        self._ownership = ownership
        self._lock = threading.Lock()

    def on_request(self, request: httpx.Request) -> None:
        """See transport.Listener; the connections of an SDK call this at the same time."""
        with self._lock:
            self._ownership.on_request(request)

    def on_response(self, exchange: Exchange) -> None:
        """See transport.Listener."""
        with self._lock:
            self._ownership.on_response(exchange)
