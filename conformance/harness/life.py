"""A machine that lives through any sequence of calls. The judges behind the client watch every answer."""

from __future__ import annotations

from typing import Any, ClassVar

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, multiple, rule

from conformance.harness.client import refusal_of
from conformance.harness.evidence import FindingError
from conformance.harness.ledger import Finding
from conformance.harness.organization import Organization
from conformance.harness.run import Run
from specs.requirements import Level, catalogue
from strategies.bodies import valid_bodies

CREATIONS = 1
"""In one life: each is one more organization to remove."""


class Life(RuleBasedStateMachine):
    """Creates, changes, reads, finds, lists and deletes organizations in any order."""

    run: ClassVar[Run]
    spares: ClassVar[list[Organization]]
    known: ClassVar[set[tuple[str, str]]]
    """Requirements and operations that were found broken before: one fault is one finding."""

    lasting: Bundle[Organization] = Bundle("lasting")
    mortal: Bundle[Organization] = Bundle("mortal")

    def __init__(self) -> None:
        super().__init__()
        self.organizations = self.run.organizations
        self.creations = 0

    @initialize(target=lasting, eventful=st.booleans())
    def begin(self, eventful: bool) -> Any:
        """Some organizations are there from the beginning."""
        # Hypothesis begins with the simplest life, in which the same thing happens over and over.
        assume(eventful)
        return multiple(*self.spares)

    @rule(target=mortal, data=st.data())
    def create(self, data: st.DataObject) -> Any:
        """Creates an organization."""
        if self.creations == CREATIONS:
            return multiple()
        self.creations += 1
        return self.organizations.create(self.run.own(data.draw(valid_bodies("create"))))

    @rule(organization=lasting | mortal, data=st.data())
    def update(self, organization: Organization, data: st.DataObject) -> None:
        """Changes some fields. Metadata starts afresh, so that it stays within its limit."""
        body = self.run.own(data.draw(valid_bodies("update")))
        if body.get("metadata"):
            self.organizations.update(organization.id, {"metadata": {}})
        self.organizations.update(organization.id, body)

    @rule(giver=lasting | mortal, taker=lasting | mortal)
    def hand_over(self, giver: Organization, taker: Organization) -> None:
        """Clears the external_id of one organization and gives it to another."""
        external_id = self.run.external_id("heirloom")
        self.organizations.update(giver.id, {"external_id": external_id})
        self.organizations.update(giver.id, {"external_id": None})
        self.organizations.update(taker.id, {"external_id": external_id})

    @rule(organization=lasting | mortal)
    def read(self, organization: Organization) -> None:
        """Reads an organization, finds it under the external_id that it shows, and lists the newest."""
        external_id = self.organizations.get(organization.id)["external_id"]
        if isinstance(external_id, str):
            self.organizations.lookup(external_id)
        self.organizations.list(limit=20)

    @rule(organization=consumes(mortal))
    def delete(self, organization: Organization) -> None:
        """Deletes an organization."""
        self.organizations.delete(organization.id)
        refusal_of(self.organizations.get, organization.id)

    def teardown(self) -> None:
        """Fails when the judges have found something that was not known before."""
        for finding in self.run.ledger.all_findings():
            if self._is_new(finding):
                raise FindingError(finding)

    def _is_new(self, finding: Finding) -> bool:
        is_must = catalogue()[finding.requirement].level is Level.MUST
        return is_must and (finding.requirement, finding.operation) not in self.known
