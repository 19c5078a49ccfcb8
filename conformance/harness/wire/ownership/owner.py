"""Which organizations the run may change: those that it is seen to have created, and ids that nobody has.

A faulty target may answer a create with the id of somebody else's organization, and somebody else
may copy one of the run's. So the id that a create was answered with is a claim, and it takes all of
this to make it the run's own: the id was not seen before the create was sent; reading it shows what
the run had put there; it was not created before the run began, by the target's own clock.
"""

from __future__ import annotations

import enum
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from conformance.harness.wire.exchange import Exchange, Response
from conformance.harness.wire.ownership import proof
from conformance.harness.wire.ownership.aliases import aliases, is_path, plain
from conformance.harness.wire.ownership.journal import Claim, Create, Journal
from conformance.harness.wire.routes import route_of

ULID_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ULID_LENGTH = 26
CLOCK_TOLERANCE = 1.0
"""Seconds by which the clocks of one target's machines may differ."""
ATTEMPTS = 2
"""Looks at an organization that cannot be read."""
GONE = (httpx.codes.NOT_FOUND, httpx.codes.GONE)


class Doubt(enum.StrEnum):
    """Why an organization is not taken for the run's own."""

    NOT_CREATED = "this run did not create it"
    WAS_THERE = "it was there before the create that was answered with its id"
    UNREADABLE = "reading it does not show it"
    OTHER_CONTENT = "reading it does not show what this run created"
    OLDER = "by its created_at it is older than this run"


@dataclass(frozen=True)
class Refusal:
    """An organization may not be changed; the exchange shows why, where one does."""

    doubt: Doubt
    exchange: Exchange | None = None


class Ask(Protocol):
    """Reads from the target."""

    def __call__(self, operation: str, query: Mapping[str, Any] | None = None, **arguments: str) -> Exchange:
        """The exchange of one read; `arguments` are those of the path."""


class Owner(Protocol):
    """Somebody who knows which organizations may be changed."""

    def prepare(self, ask: Ask) -> None:
        """The first create is about to be sent."""

    def refusal(self, identifier: str, ask: Ask) -> Refusal | None:
        """Why neither PUT nor DELETE may go to this id; None where they may."""


class OwnsNothing:
    """May change nothing."""

    def prepare(self, ask: Ask) -> None:
        """Nothing is created."""

    def refusal(self, identifier: str, ask: Ask) -> Refusal | None:
        """Always one."""
        return Refusal(Doubt.NOT_CREATED)


class Ownership:
    """The claims of a run, each held against what the target shows before it is used for the first time."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._token = journal.token
        self._prefix = httpx.URL(journal.base_url).raw_path.decode("ascii").rstrip("/")
        self._unknown: set[str] = set()
        self._sure: set[str] = set()
        self._refused: dict[str, Refusal] = {}
        self._attempts: Counter[str] = Counter()
        """How often it was looked in vain whether an organization is the run's."""
        self._first_seen: dict[str, float] = {}
        """When an id first stood in a response, on the monotonic clock."""
        self._seen_as: dict[str, str] = {}
        """The first id that was seen under each plain form."""
        self._clock_lag = 0.0
        """Seconds that the clock of created_at is behind the one of the Date header."""
        self._examining: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        """Held while it is looked whether an organization is the run's, so that requests at once look once."""
        self._under_way: dict[int, Create] = {}
        """The create that each thread has sent."""
        self._preparing = threading.Lock()
        self._is_prepared = journal.begun.moment is not None

    def unknown_id(self, ending: str = "") -> str:
        """An id that no organization has, of the right form but for the ending."""
        identifier = "org_" + "".join(random.SystemRandom().choices(ULID_LETTERS, k=ULID_LENGTH)) + ending
        self._unknown.add(identifier)
        return identifier

    def prepare(self, ask: Ask) -> None:
        """Looks once at what is there before the run creates anything."""
        with self._preparing:
            if self._is_prepared:
                return
            began = time.time()
            exchange = ask("list", {"limit": proof.LONGEST_PAGE})
            moment = proof.http_date(exchange.response.headers.get("date", "")) if exchange.response else None
            started = began if moment is None else moment
            self._journal.begin(started, proof.is_complete(exchange), self._first_seen)
            self._is_prepared = True

    def refusal(self, identifier: str, ask: Ask) -> Refusal | None:
        """Why the organization is not the run's own, nor nobody's; None where it is."""
        if identifier in self._unknown or identifier in self._sure:
            return None
        claim = self._journal.claims.get(identifier)
        if claim is None:
            return Refusal(Doubt.NOT_CREATED)
        with self._examining[identifier]:
            return None if identifier in self._sure else self._refusal(claim, ask)

    def _refusal(self, claim: Claim, ask: Ask) -> Refusal | None:
        identifier = claim.id
        if self._attempts[identifier] < ATTEMPTS:
            refusal = self._examined(claim, ask)
            if refusal is None:
                return None
            self._refused[identifier] = refusal
            self._attempts[identifier] += 1 if refusal.doubt is Doubt.UNREADABLE else ATTEMPTS
        return self._refused[identifier]

    def forget_refusals(self) -> None:
        """Lets every claim be held against the target once more."""
        self._attempts.clear()

    # ---- what goes over the wire

    def on_request(self, request: httpx.Request) -> None:
        """See transport.Listener: what is about to be written goes into the journal first."""
        operation = request.extensions["operation"]
        if operation == "create":
            self._under_way[threading.get_ident()] = self._journal.intend(request.content)
        elif operation == "update":
            identifier = self._identifier(request.method, request.url)
            self._journal.update(identifier, request.content)
            if self._may_create(identifier):
                self._under_way[threading.get_ident()] = self._journal.intend(request.content)

    def on_response(self, exchange: Exchange) -> None:
        """Takes note of what an exchange says of who owns what."""
        identifier = self._identifier(exchange.method, httpx.URL(exchange.url))
        if exchange.operation in ("create", "update"):
            self._on_write(exchange)
        elif exchange.operation == "get":
            self._on_get(identifier, exchange)
        elif exchange.operation == "delete" and httpx.codes.is_success(exchange.status or 0):
            self._sure.discard(identifier)  # somebody else may get the same id
            self._journal.delete(identifier)
        for seen in proof.ids_in(exchange):
            self._first_seen.setdefault(seen, exchange.started + exchange.seconds)
            self._seen_as.setdefault(plain(seen), seen)

    def _may_create(self, identifier: str) -> bool:
        """Whether an update of this id, which nobody has, makes an organization where a target takes it."""
        claim = self._journal.claims.get(identifier)
        return identifier in self._unknown or (claim is not None and claim.deleted)

    def _on_write(self, exchange: Exchange) -> None:
        create = self._under_way.pop(threading.get_ident(), None)
        if create is None or exchange.response is None:
            return
        identifier = exchange.response.object.get("id")
        if httpx.codes.is_success(exchange.response.status) and proof.is_usable(identifier):
            self._claim(create, identifier, exchange.started)
            self._note_clock(create, exchange.response)
        elif httpx.codes.is_client_error(exchange.response.status):
            self._journal.refuse(create)

    def _note_clock(self, create: Create, response: Response) -> None:
        """Sees by how much created_at lags behind the Date of a response that shows the run's own external_id."""
        created = response.object
        if proof.holds_external_id(create.contents[0], self._token, created):
            moment, now = proof.created_at(created), proof.http_date(response.headers.get("date", ""))
            if moment is not None and now is not None:
                self._clock_lag = max(self._clock_lag, now - moment)

    def _claim(self, create: Create, identifier: str, sent: float) -> None:
        known = self._journal.claims.get(identifier)
        if known is None:
            self._journal.claim(create, identifier, self._may_hit_another(identifier, sent))
        elif known.create.contents[0] == create.contents[0]:
            self._journal.settle(create)  # the same request repeated: it has made nothing more
        elif known.deleted and create.contents[0] in known.create.contents:
            self._journal.restore(identifier)  # an update has brought it back
            self._journal.settle(create)

    def _may_hit_another(self, identifier: str, sent: float) -> bool:
        """Whether requests to this id may hit an organization that was there before the create was sent."""
        others = {self._seen_as.get(alias, identifier) for alias in aliases(identifier)} | {identifier}
        return is_path(identifier) or any(self._first_seen.get(other, sent) < sent for other in others)

    def _on_get(self, identifier: str, exchange: Exchange) -> None:
        claim = self._journal.claims.get(identifier)
        if claim is None:
            return
        if exchange.status in GONE and claim.deleted:
            self._journal.remove(identifier)
        elif exchange.status == httpx.codes.OK and not claim.was_there:
            self._journal.restore(identifier)
            # A list or a lookup is no such proof: it may show another organization under this id.
            seen = proof.organization_in(exchange, identifier)
            if seen is not None and self._doubt(claim, seen) is None:
                self._confirm(claim, seen)

    # ---- whose it is

    def _examined(self, claim: Claim, ask: Ask) -> Refusal | None:
        """Why the claim does not hold, None where it does, or where nobody has the id any more."""
        if claim.was_there:
            return Refusal(Doubt.WAS_THERE)
        exchange = ask("get", id=claim.id)
        if claim.deleted and exchange.status in GONE:
            return None
        seen = proof.organization_in(exchange, claim.id)
        external_id = proof.external_id_in(claim.create.contents[0])
        if seen is None and external_id is not None:
            exchange = ask("lookup", external_id=external_id)
            seen = proof.organization_in(exchange, claim.id)
        if seen is None:
            return Refusal(Doubt.UNREADABLE, exchange)
        doubt = self._doubt(claim, seen)
        if doubt is not None:
            return Refusal(doubt, exchange)
        self._confirm(claim, seen)
        return None

    def _confirm(self, claim: Claim, seen: Mapping[str, Any]) -> None:
        if claim.id not in self._sure:
            self._sure.add(claim.id)
            self._journal.confirm(claim.id, seen.get("created_at"))

    def _doubt(self, claim: Claim, seen: Mapping[str, Any]) -> Doubt | None:
        """What speaks against the organization being the one that was claimed."""
        sent = claim.create.contents
        is_same = claim.created_at is not None and claim.created_at == seen.get("created_at")
        if is_same and not claim.deleted:
            return None  # it was seen to be the run's before, and has changed since
        is_shown = any(proof.shows(content, self._token, seen) for content in sent)
        if not is_shown and not any(proof.may_show(content, self._token) for content in sent):
            is_new = self._is_new(seen) is True
            return None if proof.is_whole(sent[0], seen) and is_new else Doubt.OTHER_CONTENT
        if not is_shown:
            return Doubt.OTHER_CONTENT
        return None if self._is_of_this_run(sent, seen) else Doubt.OLDER

    def _is_of_this_run(self, sent: list[bytes], seen: Mapping[str, Any]) -> bool:
        """Whether it cannot have been there before the run.

        Where created_at does not tell, the id is new if the run has seen all that was there before,
        and an external_id of the run's is nobody else's. A created_at from before the run is
        outweighed by both of them alone.
        """
        is_new = self._is_new(seen)
        is_unique = any(proof.holds_external_id(content, self._token, seen) for content in sent)
        if is_new is None:
            return is_unique or self._journal.begun.saw_all
        return is_new or (is_unique and self._journal.begun.saw_all)

    def may_be_of_this_run(self, seen: Mapping[str, Any]) -> bool:
        """Whether nothing shows that it is older than the run."""
        return self._is_new(seen) is not False and seen["id"] not in self._journal.begun.seen

    def _is_new(self, seen: Mapping[str, Any]) -> bool | None:
        """Whether its created_at is not before the run began; None where that cannot be told."""
        moment, began = proof.created_at(seen), self._journal.begun.moment
        if moment is None or began is None:
            return None
        return moment >= began - CLOCK_TOLERANCE - self._clock_lag

    def _identifier(self, method: str, url: httpx.URL) -> str:
        path = url.raw_path.partition(b"?")[0].decode("ascii").removeprefix(self._prefix)
        route = route_of(method, path)
        return route.arguments.get("id", "") if route else ""
