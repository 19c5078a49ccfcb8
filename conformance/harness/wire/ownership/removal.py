"""Removes at the end what the run created, and says of it what a look shows."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import httpx

from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.ownership import proof
from conformance.harness.wire.ownership.journal import Claim, Create, Journal, State
from conformance.harness.wire.ownership.look import Lists, Look
from conformance.harness.wire.ownership.owner import GONE, Doubt, Ownership, Refusal
from conformance.harness.wire.ownership.requests import Requests
from conformance.harness.wire.together import together
from conformance.harness.wire.transports.chain import ForeignOrganizationError
from conformance.harness.wire.transports.limits import RemovalEndedError

PAUSE = 0.1
"""Seconds between two looks at lists that lag."""
LONGEST_SHOWN = 60
UNSENDABLE = (httpx.InvalidURL, httpx.LocalProtocolError, ValueError)
"""What httpx says of an id that no request can carry."""


class Removal:
    """Deletes what a journal holds, and looks whether it is gone."""

    def __init__(self, http: httpx.Client, journal: Journal, ownership: Ownership, lag: float = 0.0) -> None:
        self._requests = Requests(http)
        self._journal = journal
        self._ownership = ownership
        self._lists = Lists(self._requests, journal, ownership)
        self._lag = lag
        self._refusals: dict[str, Doubt] = {}

    def remove_everything(self) -> list[str]:
        """Deletes all that is left; gives what may still be there: ids, and creates whose answers were lost."""
        self._ownership.forget_refusals()
        with contextlib.suppress(RemovalEndedError):
            self._remove()
        lost = map(_lost, self._journal.creates_that_are(State.OPEN))
        return [*map(self._told, self._journal.left), *lost]

    def _remove(self) -> None:
        if self._journal.is_empty:
            return
        before = self._lists.search_before()
        self._find_what_was_lost(before)
        if self._journal.left:
            attempted = set(self._journal.claims)
            shown = self._lists.widened_before(before)
            self._confirm_deleted(before)
            self._delete(self._journal.left)
            if self._journal.creates_that_are(State.OPEN):  # since their ids turned out to be somebody else's
                self._find_what_was_lost(before)
            self._find_what_wrong_ids_hide(before)
            self._delete(claim for claim in self._journal.left if claim.id not in attempted)
            self._confirm_by_look(shown)
            self._insist(shown)

    # ---- deleting

    def _delete(self, claims: Iterable[Claim]) -> None:
        left = [claim for claim in claims if not claim.removed and claim.id not in self._refusals]
        left.sort(key=lambda claim: claim.created_at is not None)  # first those that are read before they are deleted
        refusals = together([partial(self._refusal, claim) for claim in left])
        for claim, refusal in zip(left, refusals, strict=True):
            if refusal and refusal.exchange and self._requests.is_answered_again(refusal.exchange):
                self._ownership.forget_refusals()
                refusal = self._refusal(claim)
            if refusal:
                self._refuse(claim, refusal.doubt)

    def _refusal(self, claim: Claim) -> Refusal | None:
        """Sends a delete; why it was not sent, if so."""
        try:
            self._requests.send("delete", {"id": claim.id})
        except ForeignOrganizationError as error:
            return error.refusal
        except UNSENDABLE:
            return Refusal(Doubt.UNREADABLE)
        return None

    def _refuse(self, claim: Claim, doubt: Doubt) -> None:
        """Somebody else's: then the create has made another one, or none."""
        if doubt is Doubt.WAS_THERE:
            self._journal.disown(claim)
        else:
            self._refusals[claim.id] = doubt

    def _insist(self, before: Look) -> None:
        """Deletes once more what is still there; where that does not help for the first, not the others."""
        stubborn = [claim for claim in self._journal.left if claim.id not in self._refusals]
        for claims in filter(None, (stubborn[:1], stubborn[1:])):
            self._delete(claims)
            self._confirm_by_look(before)
            if any(not claim.removed for claim in claims):
                return

    # ---- looking

    def _confirm_by_look(self, before: Look) -> None:
        """Notes what is gone: a complete search that would show it does not show it, or reading it finds nothing.

        Lists may lag, so one that still shows it is looked at again. That nothing is found is believed
        where a delete was answered with success.
        """
        after = self._settled_look()
        for claim in self._journal.left:
            if claim.id in self._refusals:
                continue
            would_be_found = claim.id in before.items or (claim.deleted and self._lists.finds(claim))
            if after.complete and claim.id not in after.items and would_be_found:
                self._journal.remove(claim.id)
        unsure = [claim for claim in self._journal.left if claim.id not in self._refusals]
        together([partial(self._read, claim) for claim in unsure])

    def _confirm_deleted(self, look: Look) -> None:
        """Notes what scenarios have deleted, where a search that would show it does not."""
        for claim in filter(self._lists.finds, self._journal.left if look.complete else ()):
            if claim.deleted and claim.id not in look.items:
                self._journal.remove(claim.id)

    def _read(self, claim: Claim) -> None:
        """The ownership hears of what it finds."""
        try:
            self._requests.send("get", {"id": claim.id})
        except UNSENDABLE:
            self._refusals[claim.id] = Doubt.UNREADABLE

    def _settled_look(self) -> Look:
        """What lists show once they show none of what was deleted, or may no longer lag."""
        end = time.monotonic() + self._lag
        while True:
            look = self._lists.now()
            waiting = [claim for claim in self._journal.left if claim.deleted and claim.id in look.items]
            if not waiting or time.monotonic() > end:
                return look
            time.sleep(PAUSE)

    # ---- creates whose answers were lost

    def _find_what_was_lost(self, look: Look) -> None:
        """Claims what creates have made that were not answered with an id of their own.

        Each by its external_id, which nobody else can have, or else by its whole body: a name alone may
        have been copied.
        """
        lost = self._journal.creates_that_are(State.OPEN)
        newest = self._lists.newest_before if lost else Look()
        for create in lost:
            if not (self._is_looked_up(create) or self._is_listed(create, look) or self._is_listed(create, newest)):
                self._settle(create, look, newest)
        self._find_what_was_refused(look)

    def _find_what_was_refused(self, look: Look) -> None:
        """Claims what refused creates have made all the same: by its external_id alone."""
        refused = self._journal.creates_that_are(State.REFUSED)
        if any(self._is_hidden_from_search(create) for create in refused):
            look = Look({**look.items, **self._lists.newest_before.items})
        for create in refused:
            if proof.external_id_in(create.contents[0]) is not None:
                self._is_listed(create, look)

    def _is_hidden_from_search(self, create: Create) -> bool:
        """Whether it has an external_id of the run's under a name that is not."""
        external_id = proof.external_id_in(create.contents[0]) or ""
        return self._journal.token in external_id and self._journal.token not in proof.name_in(create.contents[0])

    def _find_what_wrong_ids_hide(self, look: Look) -> None:
        """Claims what creates have made that were answered with the id of somebody else, or of nobody.

        By its whole body only where a complete list shows that nobody has the id: otherwise the body may be
        a copy that somebody made of what has it.
        """
        for claim in self._journal.left:
            if claim.id not in self._refusals or claim.deleted:
                continue
            is_nobodys = look.complete and claim.id not in look.items
            identifier = self._holder(claim.create, self._lookup(claim.create)) or (
                self._listed(claim.create, look) if is_nobodys else ""
            )
            if identifier and identifier not in self._journal.claims:
                self._journal.disown(claim)
                self._journal.claim(claim.create, identifier)

    def _is_looked_up(self, create: Create) -> bool:
        """Whether a lookup has told what the create made, or that it made nothing."""
        exchange = self._lookup(create)
        if identifier := self._holder(create, exchange):
            self._claim(create, identifier)
        elif exchange is not None and exchange.status in GONE:
            self._journal.settle(create)
        return create.state is not State.OPEN

    def _lookup(self, create: Create) -> Exchange | None:
        """Asks for the external_id of a create, if it is one of the run's."""
        external_id = proof.external_id_in(create.contents[0])
        if external_id is None or not proof.carries(create.contents[0], self._journal.token):
            return None
        return self._requests.send("lookup", {"external_id": external_id})

    def _holder(self, create: Create, exchange: Exchange | None) -> str:
        """The id that a lookup shows with the external_id of the create; empty where it shows none."""
        if exchange is None or exchange.response is None or exchange.status != httpx.codes.OK:
            return ""
        found = exchange.response.object
        is_the_same = found.get("external_id") == proof.external_id_in(create.contents[0])
        identifier = found.get("id")
        if not (is_the_same and proof.is_usable(identifier) and self._ownership.may_be_of_this_run(found)):
            return ""
        return identifier

    def _is_listed(self, create: Create, look: Look) -> bool:
        """Whether a list shows one organization that nothing else can have made."""
        identifier = self._listed(create, look)
        if identifier:
            self._claim(create, identifier)
        return bool(identifier)

    def _listed(self, create: Create, look: Look) -> str:
        """The only unknown id in a list with the external_id of the create, or else with its whole body."""
        content = create.contents[0]
        external_id = proof.external_id_in(content)
        has_token = proof.carries(content, self._journal.token)
        found = [
            item["id"]
            for item in self._unknown(look.items)
            if self._ownership.may_be_of_this_run(item)
            and (item.get("external_id") == external_id if external_id else has_token and proof.is_whole(content, item))
        ]
        return found[0] if len(found) == 1 else ""

    def _claim(self, create: Create, identifier: str) -> None:
        if identifier in self._journal.claims:
            self._journal.settle(create)
        else:
            self._journal.claim(create, identifier)

    def _settle(self, create: Create, look: Look, newest: Look) -> None:
        """It has made nothing, if all with its token are known, or all that are as young as the run."""
        searched, young = (self._unknown(items) for items in (look.items, newest.items))
        is_searched = look.complete and self._journal.token in proof.name_in(create.contents[0])
        if (is_searched and not searched) or (
            newest.worked and not any(map(self._ownership.may_be_of_this_run, young))
        ):
            self._journal.settle(create)

    def _unknown(self, items: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return [item for identifier, item in items.items() if identifier not in self._journal.claims]

    # ---- what is said

    def _told(self, claim: Claim) -> str:
        doubt = self._refusals.get(claim.id)
        identifier = _short(claim.id)
        return f"{identifier} ({doubt})" if doubt else identifier


def _lost(create: Create) -> str:
    """A create of which nobody knows what it made, as a person may look for it."""
    content = create.contents[0]
    external_id = proof.external_id_in(content)
    name = f"external_id {_short(external_id)}" if external_id else f"name {_short(proof.name_in(content))!r}"
    return f"what a create with the {name} made, if anything: its id is not known"


def _short(text: str) -> str:
    text = ascii(text)[1:-1] if not text.isprintable() else text
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}... ({len(text)} characters)"
