"""One run of the suite against one target: what all scenarios share."""

from __future__ import annotations

import contextlib
import itertools
import random
import string
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx

from conformance.harness.api.http import OperationMissingError, Organizations, Page
from conformance.harness.judges import shape
from conformance.harness.judges.finding import Finding
from conformance.harness.judges.ledger import Ledger
from conformance.harness.judges.memory import Memory, Watch
from conformance.harness.wire.exchange import Exchange, Response
from conformance.harness.wire.journal import SUFFIX, Journal
from conformance.harness.wire.ownership import Ownership
from conformance.harness.wire.target import Target
from conformance.harness.wire.transport import ForeignOrganizationError, build_client

T = TypeVar("T")

WORD_LENGTH = 10
FIRST_POLL = 0.05
LONGEST_POLL = 0.5
HANGS_TOLERATED = 2


class Run:
    """The door to the target, the judges behind it, and what the run created.

    Every name, external_id and domain of the run carries its `word`, random letters that no
    other run shares, so that runs at one target do not disturb each other.
    """

    def __init__(self, target: Target, journals: Path, outside: httpx.BaseTransport | None = None) -> None:
        self.target = target
        self.token = random_token()
        self.ledger = Ledger()
        self.missing: set[str] = set()
        self._unavailable: set[str] = set()
        self.journal = Journal(journals / f"{self.token}{SUFFIX}", target.base_url, self.token)
        self._memory = Memory(target.lag)
        self._lock = threading.Lock()
        self.ownership = Ownership(self.journal, self.token)
        self._hangs: Counter[str] = Counter()
        self._names = itertools.count(1)
        self._http = build_client(target, self.ownership, self, outside)
        self.organizations = Organizations(self._http, self.missing)

    def on_request(self, method: str) -> Watch:
        """See transport.Listener."""
        with self._lock:
            return self._memory.on_request(method)

    def on_response(self, exchange: Exchange, begun: object) -> None:
        """See transport.Listener: records the exchange and lets the judges see it."""
        assert isinstance(begun, Watch)
        with self._lock:
            self.ledger.record(exchange)
            self._note_ownership(exchange)
            self._note_hang(exchange)
            self.ledger.add(shape.judge(exchange))
            found = list(self._memory.on_response(exchange, begun))
            if exchange.operation not in self._unavailable:
                self.ledger.add(found)

    def give_up(self, operation: str) -> None:
        """Asks no more of an operation that never worked; that it does not is the one thing to say of it."""
        self.missing.add(operation)
        self._unavailable.add(operation)
        self.ledger.forget(operation)

    def eventually(self, look: Callable[[], T], wanted: T) -> T:
        """What `look` gives once it is as wanted, or once lists may no longer lag behind the last write."""
        pause = FIRST_POLL
        while True:
            asked = time.monotonic()
            seen = look()
            if seen == wanted or asked - self._memory.last_write > self.target.lag:
                return seen
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_POLL)

    def draft(self, name: str = "Zoë & 株式会社", **fields: Any) -> dict[str, Any]:
        """A body for create whose name carries the word of the run."""
        return {"name": f"{self.token} {name}", **fields}

    def rich_draft(self, operation: str, word: str = "") -> dict[str, Any]:
        """A body for create or update in which every field of the operation has a value."""
        fields: dict[str, Any] = {
            "name": f"{word} {self.token} {next(self._names)} Ω".strip(),
            "external_id": self.external_id("rich"),
            "metadata": {"first": "value", "key": f"value {next(self._names)}"},
            "domain_data": [{"domain": self.domain(), "state": state} for state in ("verified", "pending")],
            "domains": [self.domain()],
            "allow_profiles_outside_organization": True,
        }
        if operation == "update":
            fields["stripe_customer_id"] = self.stripe_customer_id()
        return fields

    def own(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body with values of the run's own wherever two organizations may not share one."""
        own: dict[str, Any] = dict(body)
        if "name" in own:
            own["name"] = f"{self.token} {own['name']}"
        if isinstance(own.get("external_id"), str):
            own["external_id"] = self.external_id()
        if "stripe_customer_id" in own:
            own["stripe_customer_id"] = self.stripe_customer_id()
        if "domains" in own:
            own["domains"] = [self.domain() for _ in own["domains"]]
        if "domain_data" in own:
            own["domain_data"] = [{**item, "domain": self.domain()} for item in own["domain_data"]]
        return own

    def external_id(self, label: str = "id") -> str:
        """An external_id that nobody else uses."""
        return f"{self.token}-{label}-{next(self._names)}"

    def domain(self) -> str:
        """A domain that nobody else uses."""
        return f"{self.token}{_letters(next(self._names))}.example.com"

    def stripe_customer_id(self) -> str:
        """A stripe_customer_id that nobody else uses."""
        return f"cus_{self.token}{next(self._names):04d}"

    def alive(self) -> set[str]:
        """Ids of the organizations of the run that are there and whose names begin with its word."""
        with self._lock:
            return self._memory.named(self.token)

    def disagreements(self, page: Page) -> list[Finding]:
        """What a page shows of the organizations of the run that is not as it was last written."""
        with self._lock:
            return self._memory.disagreements(page.exchange)

    def seconds_between(self, one: str, other: str) -> float:
        """How much time passed here between the creation of two organizations of the run."""
        return self.journal.seconds_between(one, other)

    def wait_since(self, identifier: str, seconds: float) -> None:
        """Waits until this time has passed since the creation of an organization of the run."""
        time.sleep(max(0.0, seconds - self.journal.age(identifier)))

    def remove_everything(self) -> list[str]:
        """Deletes what the run created, and what lists show of it; gives the ids that could not be deleted."""
        self.missing.difference_update({"delete", "get", "list"})
        for _ in range(2):
            self._delete_all()
        self._http.close()
        self.journal.close()
        return self.journal.left

    def _delete_all(self) -> None:
        """A list shows what the journal does not know, and what a delete only seemed to remove."""
        listed = self.organizations.send("list", params={"search": self.token, "limit": 100})
        for item in shape.organizations_in(listed.response.object) if listed.response else ():
            if self.journal.has_removed(item["id"]):
                self._look_again(item["id"])
        for identifier in self.journal.left:
            with contextlib.suppress(ForeignOrganizationError, OperationMissingError):
                self.organizations.send("delete", {"id": identifier})

    def _look_again(self, identifier: str) -> None:
        if self.organizations.send("get", {"id": identifier}).status == httpx.codes.OK:
            self.journal.restore(identifier)

    def _note_ownership(self, exchange: Exchange) -> None:
        if exchange.response is None:
            return
        identifier = exchange.url.rpartition("/")[2]
        succeeded = httpx.codes.is_success(exchange.response.status)
        if exchange.operation == "create" and succeeded:
            self._claim(exchange.response.object.get("id"))
        elif exchange.operation == "get" and succeeded:
            self.ownership.confirm(identifier, exchange.response)
        elif exchange.operation == "list" and succeeded:
            self._claim_listed(exchange.response)
        elif exchange.operation == "delete" and (succeeded or exchange.response.status == httpx.codes.NOT_FOUND):
            self.journal.remove(identifier)

    def _claim(self, identifier: object) -> None:
        if isinstance(identifier, str) and identifier:
            self.journal.add(identifier)

    def _claim_listed(self, response: Response) -> None:
        """What carries the word of the run is the run's, also when no create answered with its id."""
        for item in shape.organizations_in(response.object):
            if self.token in str(item.get("name")) and isinstance(item["id"], str):
                self.journal.add(item["id"])
                self.ownership.believe(item["id"])

    def _note_hang(self, exchange: Exchange) -> None:
        """An operation that keeps hanging is given up, so that a run stays bounded."""
        if exchange.response is None and exchange.seconds >= self.target.timeout:
            self._hangs[exchange.operation] += 1
            if self._hangs[exchange.operation] >= HANGS_TOLERATED:
                self.missing.add(exchange.operation)


def _letters(number: int) -> str:
    return "".join(string.ascii_lowercase[int(digit)] for digit in str(number))


def random_token(length: int = WORD_LENGTH) -> str:
    """Lower-case letters that nobody else uses: independent of the seed of the run."""
    return "".join(random.SystemRandom().choices(string.ascii_lowercase, k=length))
