"""What lists show of a target at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.ownership import proof
from conformance.harness.wire.ownership.journal import Claim, Journal
from conformance.harness.wire.ownership.owner import Ownership
from conformance.harness.wire.ownership.requests import Requests
from conformance.harness.wire.together import together


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

    def search_before(self) -> Look:
        """The search before anything is removed. What else it takes to find all is asked for at the same time."""
        if self._finds_all:
            return self.search()
        found, _ = together([self.search, lambda: self.newest_before])
        return found

    def widened_before(self, found: Look) -> Look:
        """What was found before, with the newest organizations where a search cannot find all that is left."""
        return found if self._finds_all else self._widened(found, self.newest_before)

    def now(self) -> Look:
        """A search, with the newest organizations where it cannot find all that is left."""
        return self.search() if self._finds_all else self._widened(*together([self.search, self.newest]))

    @property
    def _finds_all(self) -> bool:
        return all(map(self.finds, self._journal.left))

    def _widened(self, look: Look, newest: Look) -> Look:
        reaches_back = newest.complete or not all(map(self._ownership.may_be_of_this_run, newest.items.values()))
        return Look({**newest.items, **look.items}, look.worked, look.complete and reaches_back)

    def finds(self, claim: Claim) -> bool:
        """Whether a search for the run's token finds it, by every name that was sent for it."""
        contents = claim.create.contents
        names_it = bool(proof.name_in(contents[0]))
        return names_it and all(proof.leaves_token_in_name(content, self._journal.token) for content in contents)
