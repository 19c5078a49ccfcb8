"""A dozen organizations that all page walks share, and the walks over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

from conformance.harness.client import OperationMissingError, Organizations, Page
from conformance.harness.organization import Organization
from conformance.harness.run import Run, random_word

NAMES = (
    "Mango", "Übersee", "Acme & Söhne", "Zebra", "Ökologie", "Kilo", "Lima", "Nüsse", "Beta", "Yak", "Çelik", "Delta",
)  # fmt: skip
"""In no alphabetical order, so that an order by name shows."""

SIZE = len(NAMES)
WITH_DOMAINS = {1: 1, 4: 1, 8: 2}
"""How many domains which of them have."""
TOUCHED = 3
"""Changed after all were created, so that an order by last change shows."""
LONGEST_LIST = 100
SHORT_PAGE = 3
"""Page size of the walks that one size is enough for: the population fills its last page."""
UNFILTERED_LIMIT = 9

FORWARD = {"asc": "after", "desc": "after", "normal": "before"}
BACKWARD = {"asc": "before", "desc": "before", "normal": "after"}


@dataclass(frozen=True)
class Walk:
    """Pages from the first to the last and back again, as the target gave them."""

    forth: list[Page]
    back: list[Page]
    """In the order in which they were met, beginning with the last page but one."""


class Population:
    """Organizations that share a search word of their own, oldest first.

    Walks go over a search for the word. Where the target cannot search, they begin at a cursor
    beside the population and end once all of it was met.
    """

    def __init__(self, run: Run, organizations: Organizations, can_search: bool) -> None:
        self._organizations = organizations
        self._run = run
        self.can_search = can_search
        self.word = run.word + random_word()
        older = None if can_search else organizations.create(run.draft("older"))
        self.members = [self._create(number) for number in range(SIZE)]
        newer = None if can_search else organizations.create(run.draft("newer"))
        self._neighbours = {"asc": older, "desc": newer, "normal": newer}
        touched = self.members[TOUCHED].id
        self.members[TOUCHED] = organizations.update(touched, {"metadata": {"touched": "yes"}})
        self._walks: dict[tuple[str, int], Walk] = {}
        run.eventually(self._is_listed, True)

    def _create(self, number: int) -> Organization:
        states = ("verified", "pending")[: WITH_DOMAINS.get(number, 0)]
        domains = [{"domain": self._run.domain(), "state": state} for state in states]
        body = self._run.draft(external_id=self._run.external_id(f"{SIZE - number:02d}"), domain_data=domains)
        body["name"] = f"{self.word} {NAMES[number]} {self._run.word}"
        return self._organizations.create(body)

    def _is_listed(self) -> bool:
        criteria = {"search": self.word} if self.can_search else {}
        listed = {found.id: found for found in self._organizations.list(limit=LONGEST_LIST, **criteria).organizations}
        return all(listed.get(member.id) == member for member in self.members)

    @property
    def ids(self) -> set[str]:
        """The ids of all members."""
        return {member.id for member in self.members}

    @property
    def with_domains(self) -> list[Organization]:
        """Three members with domains, the last of them with two."""
        return [self.members[number] for number in WITH_DOMAINS]

    def needs_search(self) -> None:
        """Raises OperationMissingError when the target cannot search."""
        if not self.can_search:
            raise OperationMissingError("search")

    def criteria(self) -> dict[str, Any]:
        """What lists the members and nobody else. Raises OperationMissingError."""
        self.needs_search()
        return {"search": self.word}

    def shown(self, page: Page) -> list[Organization]:
        """The organizations of a page of a walk, without those that the search would have kept out."""
        everyone = page.organizations
        return everyone if self.can_search else [found for found in everyone if found.id in self.ids]

    def listed(self, order: str) -> list[Organization]:
        """All members on one page, in this order."""
        return self.shown(self.walk(order, LONGEST_LIST).forth[0])

    @cached_property
    def unfiltered(self) -> list[Organization]:
        """The newest organizations of the environment without a filter, until all members were met.

        Where others create many at the same time, the walk is given up before the last member: what
        they have may be deleted before it can serve as a cursor.
        """
        criteria = {"order": "desc", "limit": UNFILTERED_LIMIT}
        first = self._organizations.list(**criteria)
        pages = [first, *follow(self._organizations, first, "after", criteria, self._all_met_or_foreign)]
        return [organization for page in pages for organization in page.organizations]

    def walk(self, order: str, limit: int) -> Walk:
        """The walk under this order with pages of this size; each is walked once."""
        if (order, limit) not in self._walks:
            self._walks[order, limit] = self._walk(order, limit)
        return self._walks[order, limit]

    def _walk(self, order: str, limit: int) -> Walk:
        criteria = {"order": order, "limit": limit} | ({"search": self.word} if self.can_search else {})
        neighbour = self._neighbours[order]
        start = {FORWARD[order]: neighbour.id} if neighbour else {}
        first = self._organizations.list(**criteria, **start)
        is_over = nothing_ends if self.can_search else self._all_met
        forth = [first, *follow(self._organizations, first, FORWARD[order], criteria, is_over)]
        is_back = nothing_ends if self.can_search else partial(_reaches, first)
        return Walk(forth, follow(self._organizations, forth[-1], BACKWARD[order], criteria, is_back))

    def _all_met_or_foreign(self, pages: list[Page]) -> bool:
        cursors = pages[-1].ids[-1:]
        return self._all_met(pages) or any(identifier not in self._run.journal for identifier in cursors)

    def _all_met(self, pages: list[Page]) -> bool:
        return self.ids <= {identifier for page in pages for identifier in page.ids}


def _reaches(first: Page, pages: list[Page]) -> bool:
    return bool(set(pages[-1].ids) & set(first.ids))


def nothing_ends(pages: list[Page]) -> bool:
    """Lets a walk go on until its cursor is null."""
    return False


def follow(
    organizations: Organizations,
    page: Page,
    direction: str,
    criteria: dict[str, Any],
    is_over: Callable[[list[Page]], bool] = nothing_ends,
) -> list[Page]:
    """The pages behind `page` along one cursor, until it is null or the walk is over; circles are cut off."""
    pages = [page]
    cursor = getattr(page, direction)
    while cursor is not None and len(pages) <= SIZE + 1 and not is_over(pages):
        pages.append(organizations.list(**criteria, **{direction: cursor}))
        cursor = getattr(pages[-1], direction)
    return pages[1:]


def chunks(members: Sequence[Organization], size: int) -> list[list[Organization]]:
    """The members cut into pages of this size."""
    return [list(members[start : start + size]) for start in range(0, len(members), size)]


def is_by_creation(organizations: Sequence[Organization], newest_first: bool) -> bool:
    """Whether the times of creation never go the other way; equal times may come in any order."""
    ordered = organizations[::-1] if newest_first else organizations
    return all(one.created <= other.created for one, other in pairwise(ordered))
