"""The life of organizations as a whole: any sequence of calls, judged call by call."""

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.availability import Availability
from conformance.harness.fixtures.cases.life_cycle import Life
from conformance.harness.fixtures.cases.profile import Profile
from conformance.harness.judges.judges import Judges
from strategies.drafts import Drafts

requirement = pytest.mark.requirement
pytestmark = [pytest.mark.generated, pytest.mark.run_last]


@requirement("lifecycle.model")
def test_any_sequence_of_calls_agrees(
    organizations: Organizations,
    drafts: Drafts,
    judges: Judges,
    availability: Availability,
    scratch_orgs: list[Organization],
    profile: Profile,
    pytestconfig: pytest.Config,
) -> None:
    availability.needs("create", "get", "lookup", "list", "update", "delete")
    known = {(finding.requirement, finding.operation) for finding in judges.ledger.all_findings()}
    life = type(
        "Life",
        (Life,),
        {
            "organizations": organizations,
            "drafts": drafts,
            "judges": judges,
            "scratch_orgs": scratch_orgs,
            "known": known,
            "creations_left": profile.creations,
            "last_request": judges.ledger.requests + profile.calls,
        },
    )
    # One answer shows what is wrong, so there is no need to look for a shorter life.
    long_lives = settings(profile.settings(profile.lives), phases=[Phase.generate])
    run_state_machine_as_test(seed(pytestconfig.option.seed)(life), settings=long_lives)
