"""Domains that an update replaces, changes or takes away."""

import pytest

from conformance.harness.api.organization import Organization
from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.changeable import SCRATCH
from conformance.harness.fixtures.ground import Ground
from strategies.drafts import Drafts

requirement = pytest.mark.requirement

FLAG = "allow_profiles_outside_organization"


@pytest.mark.parametrize(
    ("field", "number"),
    [
        pytest.param(field, number, marks=[requirement(promise), pytest.mark.independent(SCRATCH[number])], id=promise)
        for number, (field, promise) in enumerate(
            (("domain_data", "update.replaces-domains"), ("domains", "update.deprecated-domains")), start=2
        )
    ],
)
def test_new_domains_replace_the_old(
    organizations: Organizations, drafts: Drafts, scratch_orgs: list[Organization], field: str, number: int
) -> None:
    upper, holder = drafts.domain(), scratch_orgs[number]
    for names in ([upper, f"below.{upper}"], [drafts.domain()]):
        values = names if field == "domains" else [{"domain": name, "state": "verified"} for name in names]
        assert organizations.update(holder.id, {field: values}).domain_names == sorted(names)
    assert organizations.get(holder.id).domain_names == sorted(names)


@requirement("update.sets-what-was-sent")
@pytest.mark.independent("subject")
def test_a_domain_and_the_flag_take_their_new_states(
    organizations: Organizations, drafts: Drafts, subject: Organization
) -> None:
    domain = drafts.domain()

    def assert_shown(shown: Organization, state: str, allowed: bool) -> None:
        assert shown.domains.get(domain, {}).get("state", state) == state
        assert shown.get(FLAG, allowed) is allowed

    for state, allowed in (("pending", False), ("verified", True)):
        body = {"domain_data": [{"domain": domain, "state": state}], FLAG: allowed}
        assert_shown(organizations.update(subject.id, body), state, allowed)
    assert_shown(organizations.get(subject.id), state, allowed)


@requirement("update.no-domains")
@pytest.mark.independent("sixth")
def test_no_domains_replace_all(
    organizations: Organizations, ground: Ground, drafts: Drafts, sixth: Organization
) -> None:
    ground.update(sixth.id, {"domain_data": drafts.domain_data("pending")})
    assert organizations.update(sixth.id, drafts.body("without domains", domain_data=[])).domains == {}
