"""Whether each operation, and the search, works at all: the smallest use of each, tried twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from conformance.harness.client import OperationMissingError
from conformance.harness.evidence import FindingError
from conformance.harness.exchange import Exchange
from conformance.harness.ledger import Finding
from conformance.harness.organization import Organization
from conformance.harness.run import Run, random_word

ATTEMPTS = 2


class Availability:
    """One short life of an organization. Operations that fail it are missing for the rest of the run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.failures: dict[str, AssertionError] = {}
        """Why an operation does not work, by its name."""
        self.tried: set[str] = set()
        self._deletion: Exchange | None = None
        organizations = run.organizations
        self._try("list", lambda: organizations.list(limit=1).ids)
        external_id = run.external_id("first")
        self._plain = plain = self._try("create", lambda: self._created(run.draft("name alone")))
        sought = {"name": f"{random_word()} {run.word}", "external_id": external_id}
        self._sought = found = self._try("create", lambda: self._created(sought))
        if plain is None or found is None:
            return
        self._try("get", lambda: organizations.get(plain.id).id)
        self._try("lookup", lambda: organizations.lookup(external_id).id)
        self._try("update", lambda: organizations.update(plain.id, run.draft("renamed")).id)
        self._try("search", lambda: self._search(found))
        self._try("delete", lambda: self._delete(plain))

    def plain(self) -> Organization:
        """The organization that was made from a name alone. Raises OperationMissingError."""
        if self._plain is None:
            raise OperationMissingError("create")
        return self._plain

    def sought(self) -> Organization:
        """The organization that was searched for, and is still there. Raises OperationMissingError."""
        if self._sought is None:
            raise OperationMissingError("create")
        return self._sought

    def deletion(self) -> Exchange:
        """The exchange in which an organization was deleted. Raises OperationMissingError."""
        if self._deletion is None:
            raise OperationMissingError("delete")
        return self._deletion

    def confirm(self, operation: str) -> None:
        """Raises what was wrong with the operation, or OperationMissingError when it could not be tried."""
        if operation in self.failures:
            raise self.failures[operation]
        if operation not in self.tried:
            raise OperationMissingError("create")

    def needs(self, *operations: str) -> None:
        """Raises OperationMissingError when one of the operations does not work."""
        for operation in operations:
            if operation in self._run.missing:
                raise OperationMissingError(operation)

    def _search(self, sought: Organization) -> None:
        """Other organizations are there, so that a search that is ignored shows."""
        word = sought["name"].partition(" ")[0]
        look = partial(self._run.organizations.list, search=word)
        found = self._run.eventually(lambda: look().ids, [sought.id])
        if found != [sought.id]:
            expected, seen = f"{sought.id} alone", f"{len(found)} organizations"
            raise FindingError(Finding("list.search", "list", expected, seen, (look().exchange,)))

    def _delete(self, organization: Organization) -> None:
        self._deletion = self._run.organizations.delete(organization.id)

    def _created(self, body: Mapping[str, object]) -> Organization:
        created = self._run.organizations.create(body)
        assert created.id
        return created

    def _try(self, operation: str, use: Callable[[], object]) -> Organization | None:
        self.tried.add(operation)
        for _ in range(ATTEMPTS):
            try:
                result = use()
            except OperationMissingError:
                return None
            except AssertionError as error:
                failure = error
            else:
                return result if isinstance(result, Organization) else None
        self.failures[operation] = failure
        self._run.give_up(operation)
        return None
