"""The life of organizations as a whole: any sequence of calls, judged call by call."""

import pytest
from hypothesis import seed
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    multiple,
    rule,
    run_state_machine_as_test,
)

from conformance.harness.client import Organizations, RefusedError
from conformance.harness.evidence import FindingError
from conformance.harness.organization import Organization
from conformance.harness.profile import Profile
from conformance.harness.run import Run
from conformance.harness.wishes import changes
from specs.requirements import Level, catalogue

promise = pytest.mark.requirement

ALIVE_AT_MOST = 2


@promise("lifecycle.model")
def test_any_sequence_of_calls_agrees(
    run: Run, organizations: Organizations, profile: Profile, pytestconfig: pytest.Config
) -> None:
    """The judges behind the client hold what was last written against every later answer."""
    known = {(finding.requirement, finding.operation) for finding in run.ledger.all_findings()}

    class Life(RuleBasedStateMachine):
        """Creates, changes, reads, finds, lists and deletes organizations in any order."""

        alive = Bundle("alive")

        def __init__(self) -> None:
            super().__init__()
            self.count = 0

        @rule(target=alive, data=st.data())
        def create(self, data: st.DataObject) -> object:
            if self.count >= ALIVE_AT_MOST:
                return multiple()
            self.count += 1
            body = run.draft("life") | data.draw(changes(run))
            return organizations.create(body)

        @rule(organization=alive, data=st.data())
        def update(self, organization: Organization, data: st.DataObject) -> None:
            organizations.update(organization.id, data.draw(changes(run)))

        @rule(organization=alive)
        def get(self, organization: Organization) -> None:
            organizations.get(organization.id)

        @rule(organization=alive)
        def lookup(self, organization: Organization) -> None:
            if isinstance(external_id := organizations.get(organization.id)["external_id"], str):
                organizations.lookup(external_id)

        @rule(organization=alive)
        def list(self, organization: Organization) -> None:
            organizations.list(search=run.word)

        @rule(organization=consumes(alive))
        def delete(self, organization: Organization) -> None:
            self.count -= 1
            organizations.delete(organization.id)
            with pytest.raises(RefusedError):
                organizations.get(organization.id)

        def teardown(self) -> None:
            for finding in run.ledger.all_findings():
                is_new = (finding.requirement, finding.operation) not in known
                if is_new and catalogue()[finding.requirement].level is Level.MUST:
                    raise FindingError(finding)

    seed(pytestconfig.option.seed)(Life)
    run_state_machine_as_test(Life, settings=profile.settings(profile.lives))
