"""A dozen organizations that all page walks share, and the walks over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from conformance.harness.client import Organizations, Page
from conformance.harness.organization import Organization
from conformance.harness.run import Run, random_word

NAMES = (
    "Mango", "Übersee", "Acme & Söhne", "Zebra", "Ökologie", "Kilo", "Kilo", "Nüsse", "Beta", "Yak", "Çelik", "Delta",
)  # fmt: skip
"""In no alphabetical order, so that an order by name shows."""

SIZE = len(NAMES)
NAMESAKES = (5, 6)
WITH_DOMAINS = {1: 1, 4: 1, 8: 2}
"""How many domains which of them have."""
TOUCHED = 3
"""Changed after all were created, so that an order by last change shows."""
LONGEST_LIST = 100
UNFILTERED_PAGES = 5

FORWARD = {"asc": "after", "desc": "after", "normal": "before"}
BACKWARD = {"asc": "before", "desc": "before", "normal": "after"}


@dataclass(frozen=True)
class Walk:
    """Pages from the first to the last and back again, as the target gave them."""

    forth: list[Page]
    back: list[Page]
    """In the order in which they were met, beginning with the last page but one."""


class Population:
    """Organizations that share a search word of their own, oldest first."""

    def __init__(self, run: Run, organizations: Organizations) -> None:
        self._organizations = organizations
        self.word = random_word()
        self.members = [self._create(run, number) for number in range(SIZE)]
        self.members[TOUCHED] = organizations.update(self.members[TOUCHED].id, {"metadata": {"touched": "yes"}})
        self._walks: dict[tuple[str, int], Walk] = {}
        run.eventually(self._is_listed)

    def _create(self, run: Run, number: int) -> Organization:
        domains = [{"domain": run.domain(), "state": "pending"} for _ in range(WITH_DOMAINS.get(number, 0))]
        body = run.draft(external_id=run.external_id(f"{SIZE - number:02d}"), domain_data=domains)
        body["name"] = f"{self.word} {NAMES[number]} {run.word}"
        return self._organizations.create(body)

    def _is_listed(self) -> bool:
        listed = self._organizations.list(search=self.word, limit=LONGEST_LIST).organizations
        return sorted(listed, key=_id) == sorted(self.members, key=_id)

    @property
    def ids(self) -> set[str]:
        """The ids of all members."""
        return {member.id for member in self.members}

    @property
    def namesakes(self) -> list[Organization]:
        """Two members of the same name."""
        return [self.members[number] for number in NAMESAKES]

    @property
    def with_domains(self) -> list[Organization]:
        """Three members with domains, the last of them with two."""
        return [self.members[number] for number in WITH_DOMAINS]

    def listed(self, order: str) -> list[Organization]:
        """All members on one page, in this order."""
        return self.walk(order, LONGEST_LIST).forth[0].organizations

    @cached_property
    def unfiltered(self) -> list[Organization]:
        """The newest organizations of the environment without a filter, until all members were met."""
        met: list[Organization] = []
        after: dict[str, str] = {}
        for _ in range(UNFILTERED_PAGES):
            page = self._organizations.list(order="desc", limit=LONGEST_LIST, **after)
            met += page.organizations
            if page.after is None or self.ids <= {organization.id for organization in met}:
                break
            after = {"after": page.after}
        return met

    def walk(self, order: str, limit: int) -> Walk:
        """The walk under this order with pages of this size; each is walked once."""
        if (order, limit) not in self._walks:
            self._walks[order, limit] = self._walk(order, limit)
        return self._walks[order, limit]

    def _walk(self, order: str, limit: int) -> Walk:
        criteria = {"search": self.word, "order": order, "limit": limit}
        first = self._organizations.list(**criteria)
        forth = [first, *follow(self._organizations, first, FORWARD[order], criteria)]
        return Walk(forth, follow(self._organizations, forth[-1], BACKWARD[order], criteria))


def follow(organizations: Organizations, page: Page, direction: str, criteria: dict[str, Any]) -> list[Page]:
    """The pages behind `page` along one cursor, until it is null; a walk in circles is cut off."""
    followed: list[Page] = []
    cursor = page.after if direction == "after" else page.before
    while cursor is not None and len(followed) <= SIZE:
        page = organizations.list(**criteria, **{direction: cursor})
        followed.append(page)
        cursor = page.after if direction == "after" else page.before
    return followed


def chunks(members: Sequence[Organization], size: int) -> list[list[Organization]]:
    """The members cut into pages of this size."""
    return [list(members[start : start + size]) for start in range(0, len(members), size)]


def is_by_creation(organizations: Sequence[Organization], newest_first: bool) -> bool:
    """Whether the times of creation never go the other way; equal times may come in any order."""
    ordered = organizations[::-1] if newest_first else organizations
    return all(one.created <= other.created for one, other in pairwise(ordered))


def _id(organization: Organization) -> str:
    return organization.id
