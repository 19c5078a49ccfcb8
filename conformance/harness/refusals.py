"""Requests that break one rule each: what came of them, and what they left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import httpx

from conformance.harness.client import Organizations
from conformance.harness.exchange import Exchange
from conformance.harness.organization import Organization
from conformance.harness.run import Run, random_word
from strategies.violations import Rule, Violation, body_violations


class Refusals(Protocol):
    """What came of requests that break one rule each."""

    def exchange(self, violation: Violation) -> Exchange:
        """What came of the violation."""


def tolerated(refusals: Refusals, operation: str) -> set[Rule]:
    """The rules that the target is already known not to enforce."""
    violations = body_violations(operation)
    return {violation.rule for violation in violations if not _is_refused(refusals.exchange(violation))}


def _is_refused(exchange: Exchange) -> bool:
    return exchange.status is not None and httpx.codes.is_client_error(exchange.status)


class RefusedCreates:
    """Creates with broken bodies; each is sent once, when it is first asked for."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._exchanges: dict[str, Exchange] = {}
        self.word = random_word()
        """Begins the name of every broken body, so that lists can be searched for what was left behind."""

    def exchange(self, violation: Violation) -> Exchange:
        """What came of the violation."""
        if violation.label not in self._exchanges:
            body = violation.applied_to(self._run.rich_draft("create", self.word))
            self._exchanges[violation.label] = self._run.organizations.send("create", json=body)
        return self._exchanges[violation.label]

    def left_behind(self) -> list[str]:
        """Ids of organizations that exist although their create was refused."""
        exchanges = [self.exchange(violation) for violation in body_violations("create")]
        accepted = {exchange.answer.object.get("id") for exchange in exchanges if exchange.answer}
        found = self._run.organizations.list(search=self.word, limit=100).ids
        return [identifier for identifier in found if identifier not in accepted]


class RefusedUpdates:
    """Updates of one organization with broken bodies.

    All are sent at once, so that no other scenario comes between two of them.
    """

    def __init__(self, run: Run, organizations: Organizations, subject: str) -> None:
        self._run = run
        self._organizations = organizations
        self._subject = subject
        self.before = organizations.get(subject)
        self._exchanges = {violation.label: self._send(violation) for violation in body_violations("update")}
        self.after = organizations.get(subject)

    @property
    def any_accepted(self) -> bool:
        """Whether a broken body was taken, so that the organization may well have changed."""
        return any(exchange.status == 200 for exchange in self._exchanges.values())

    def exchange(self, violation: Violation) -> Exchange:
        """What came of the violation."""
        return self._exchanges[violation.label]

    def single_steps(self) -> Iterator[tuple[Organization, Organization]]:
        """The organization after and before each refusal on its own; none where all together changed nothing."""
        if self.after == self.before:
            return
        for violation in body_violations("update"):
            before = self._organizations.get(self._subject)
            if self._send(violation).status != 200:
                yield self._organizations.get(self._subject), before

    def _send(self, violation: Violation) -> Exchange:
        body = violation.applied_to(self._run.rich_draft("update"))
        return self._organizations.send("update", {"id": self._subject}, json=body)
