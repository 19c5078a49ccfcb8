"""Updates that lose or change what was sent."""

from __future__ import annotations

import dataclasses

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.changes import Body
from emulator.records import Domain, Organization
from emulator.store import Store
from tests.mutants.parts.bodies import taken_in
from tests.mutants.parts.objects import organizations, stale
from tests.mutants.parts.replies import other_name, sometimes
from tests.mutants.parts.stores import sticking
from tests.mutants.parts.updates import Replacing, Updating, ignoring
from tests.mutants.planting import mutant, plant


class NameKeptInItsCase(Updating):
    """Takes a name that differs in case alone for the same one."""

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        is_same = updated.name.casefold() == known.name.casefold()
        return dataclasses.replace(updated, name=known.name) if is_same else updated


# fmt: off
plant("every-twentieth-update-has-another-name", "update.sets-what-was-sent",
      "Every twentieth update has another name.",
      sometimes("update", 20, other_name), flaky=True)
plant("name-cut-on-update", "update.sets-what-was-sent", "An update cuts a name at 64 characters.",
      taken_in("name", lambda name: name[:64], ("update",)), occasion="update.accepts-valid-bodies")
plant("name-titled-on-update", "update.sets-what-was-sent", "An update gives a name capitals.",
      taken_in("name", str.title, ("update",)), occasion="update.accepts-valid-bodies")
plant("name-ascii-on-update", "update.sets-what-was-sent", "An update loses what is not ASCII in a name.",
      taken_in("name", lambda name: name.encode("ascii", "ignore").decode(), ("update",)),
      occasion="update.accepts-valid-bodies")
plant("all-domains-verified-on-update", "update.sets-what-was-sent", "An update verifies every domain.",
      taken_in("domain_data", lambda value: [{**item, "state": "verified"} for item in value], ("update",)),
      occasion="update.accepts-valid-bodies")
plant("change-of-case-ignored", "update.sets-what-was-sent", "A name that differs in case alone is not changed.",
      NameKeptInItsCase)
plant("name-sticks", "update.sets-what-was-sent", "name cannot be changed once it is there.", sticking("name"))
plant("name-stale", "update.sets-what-was-sent", "name is always shown as at first.", organizations(stale("name")))
plant("external-id-stale", "update.sets-what-was-sent", "external_id is always shown as at first.",
      organizations(stale("external_id")))
plant("allow-profiles-outside-organization-stale", "update.sets-what-was-sent",
      "allow_profiles_outside_organization is always shown as at first.",
      organizations(stale("allow_profiles_outside_organization")))
plant("update-ignores-name", "update.sets-what-was-sent", "An update does not change name.", ignoring("name"))
plant("update-ignores-external-id", "update.sets-what-was-sent", "An update does not change external_id.",
      ignoring("external_id"))
plant("update-ignores-allow-profiles", "update.sets-what-was-sent", "An update does not change allow_profiles.",
      ignoring("allow_profiles"))
# fmt: on


@mutant("update-answers-the-old", "update.sets-what-was-sent")
class UpdateAnswersTheOld(Api):
    """An update answers with the organization as it was."""

    def update(self, call: Call) -> Response:
        known = self.known(call.path["id"])
        super().update(call)
        return self.responses.found(known)


@mutant("update-only-answers", "update.sets-what-was-sent")
class UpdateOnlyAnswers(Store):
    """An update answers as if it had changed something."""

    def update(self, organization: Organization) -> None:
        pass


@mutant("state-of-old-domain-stays", "update.sets-what-was-sent")
class StateOfOldDomainStays(Replacing):
    """A domain that an organization has keeps its state, whatever an update says."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        states = {domain.domain: domain.state for domain in known.domains}
        return tuple(dataclasses.replace(new, state=states.get(new.domain, new.state)) for new in domains)
