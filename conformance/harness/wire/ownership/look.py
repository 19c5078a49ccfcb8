"""What lists show of a target at one moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.ownership import proof
from conformance.harness.wire.ownership.journal import Claim, Journal
from conformance.harness.wire.ownership.owner import Ownership
from conformance.harness.wire.ownership.requests import Requests


@dataclass
class Look:
    """What the lists show at one moment."""

    items: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    worked: bool = False
    complete: bool = False
    """Whether what they do not show is not there, as far as it carries the run's token."""


def look_of(found: Exchange) -> Look:
    """What one list shows."""
    items = proof.items_in(found)
    return Look({item["id"]: item for item in items or ()}, items is not None, proof.is_complete(found))


class Lists:
    """The lists that show what a run has left."""

    def __init__(self, requests: Requests, journal: Journal, ownership: Ownership) -> None:
        self._requests = requests
        self._journal = journal
        self._ownership = ownership

    def search(self) -> Look:
        """A search for the run's token. Where there is no search, the newest organizations."""
        found = self._requests.send("list", query={"search": self._journal.token, "limit": proof.LONGEST_PAGE})
        return self.newest() if proof.items_in(found) is None else look_of(found)

    def newest(self) -> Look:
        """The newest organizations, whoever has made them."""
        return look_of(self._requests.send("list", query={"limit": proof.LONGEST_PAGE}))

    @cached_property
    def newest_before(self) -> Look:
        """The newest organizations before anything was removed."""
        return self.newest()

    def widened(self, look: Look, find_newest: Callable[[], Look]) -> Look:
        """With the newest organizations as well, where a search cannot find all that is left."""
        if all(map(self.finds, self._journal.left)):
            return look
        newest = find_newest()
        reaches_back = newest.complete or not all(map(self._ownership.may_be_of_this_run, newest.items.values()))
        return Look({**newest.items, **look.items}, look.worked, look.complete and reaches_back)

    def finds(self, claim: Claim) -> bool:
        """Whether a search for the run's token finds it, by every name that was sent for it."""
        contents = claim.create.contents
        names_it = bool(proof.name_in(contents[0]))
        return names_it and all(proof.leaves_token_in_name(content, self._journal.token) for content in contents)
