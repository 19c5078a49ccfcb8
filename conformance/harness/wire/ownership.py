"""Which organizations the run may change: those that it created, and ids that it made up."""

from __future__ import annotations

import random
from collections.abc import Container

from conformance.harness.wire.exchange import Response

ULID_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ULID_LENGTH = 26


class Ownership:
    """The claims of a run, each confirmed before it is used for the first time.

    A faulty target may answer a create with the id of somebody else's organization. So an id is
    only a claim until reading it has shown the word of this run.
    """

    def __init__(self, journal: Container[str], word: str) -> None:
        self._journal = journal
        self._token = word.encode()
        self._sure: set[str] = set()

    def unknown_id(self) -> str:
        """An id of the right form that no organization has."""
        identifier = "org_" + "".join(random.SystemRandom().choices(ULID_LETTERS, k=ULID_LENGTH))
        self._sure.add(identifier)
        return identifier

    def believe(self, identifier: str) -> None:
        """Takes note that the organization was seen with the word of the run in its name."""
        self._sure.add(identifier)

    def is_sure(self, identifier: str) -> bool:
        """Whether the id is made up, or known to belong to the run."""
        return identifier in self._sure

    def claims(self, identifier: str) -> bool:
        """Whether a create of this run answered with the id."""
        return identifier in self._journal

    def confirm(self, identifier: str, response: Response) -> bool:
        """Whether what a read of the id shows is the run's; an unreadable one is believed."""
        if not self.claims(identifier):
            return False
        if response.status == 200 and self._token not in response.body:
            return False
        self._sure.add(identifier)
        return True
