"""One run of the suite against one target: its parts, put together."""

from __future__ import annotations

from pathlib import Path

import httpx

from conformance.harness.api.http import Wire
from conformance.harness.fixtures.drafts import Drafts, random_token
from conformance.harness.fixtures.lag import Eventually
from conformance.harness.judges.judges import Judges
from conformance.harness.wire.journal import SUFFIX, Journal
from conformance.harness.wire.ownership import Ownership
from conformance.harness.wire.removal import Removal
from conformance.harness.wire.target import Target
from conformance.harness.wire.transport import build_client
from conformance.harness.wire.walls import Walls


class Run:
    """The way to the target, the judges along it, and what the run created there.

    Everything that the run creates carries its `token`, random letters that no other run shares, so
    that runs at one target do not disturb each other.
    """

    def __init__(self, target: Target, journals: Path, outside: httpx.BaseTransport | None = None) -> None:
        self.target = target
        self.token = random_token()
        self.journal = Journal(journals / f"{self.token}{SUFFIX}", target.base_url, self.token)
        self.ownership = Ownership(self.journal, self.token, target.base_url)
        self.walls = Walls(self.ownership)
        self.judges = Judges(target.lag, target.timeout, self.walls)
        self.ledger = self.judges.ledger
        self._http = build_client(target, self.ownership, self.judges, outside)
        self.wire = Wire(self._http, self.judges)
        self.organizations = self.wire.organizations
        self.drafts = Drafts(self.token, self.ownership.unknown_id)
        self.eventually = Eventually(target.lag, lambda: self.judges.last_write)

    def remove_everything(self) -> list[str]:
        """Deletes what the run created; gives the ids of what could not be deleted."""
        left = Removal(self._http, self.journal, self.token).remove_everything()
        self._http.close()
        self.journal.close()
        return left
