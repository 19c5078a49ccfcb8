"""Requests that break one rule each: what came of them, and what they left behind."""

from __future__ import annotations

from conformance.harness.client import Organizations
from conformance.harness.exchange import Exchange
from conformance.harness.organization import Organization
from conformance.harness.run import Run, random_word
from strategies.violations import Violation, body_violations


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
        page = self._run.eventually(lambda: self._run.organizations.list(search=self.word, limit=100))
        return [identifier for identifier in page.ids if identifier not in accepted]


class RefusedUpdates:
    """Updates with broken bodies of one organization, which is read again after each."""

    def __init__(self, run: Run, organizations: Organizations) -> None:
        self._run = run
        self._organizations = organizations
        self._subject = organizations.create(run.rich_draft("create"))
        self._seen: dict[str, tuple[Exchange, Organization, Organization]] = {}

    def exchange(self, violation: Violation) -> Exchange:
        """What came of the violation."""
        return self._sent(violation)[0]

    def before_and_after(self, violation: Violation) -> tuple[Organization, Organization]:
        """The organization as it was, and as it is."""
        return self._sent(violation)[1:]

    def _sent(self, violation: Violation) -> tuple[Exchange, Organization, Organization]:
        if violation.label not in self._seen:
            before = self._subject
            body = violation.applied_to(self._run.rich_draft("update"))
            exchange = self._organizations.send("update", {"id": before.id}, json=body)
            self._subject = self._organizations.get(before.id)
            self._seen[violation.label] = exchange, before, self._subject
        return self._seen[violation.label]
