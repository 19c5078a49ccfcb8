"""Reads that show an organization as it is not."""

from __future__ import annotations

import dataclasses
from typing import Any

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.identifiers import Ulids, now
from emulator.records import Domain, Organization
from emulator.responses import Responses
from emulator.store import Store
from tests.mutants.parts.middleware import Reply
from tests.mutants.parts.objects import Object, domains, mixed_up, organizations, stale
from tests.mutants.parts.replies import not_found, other_name, sometimes
from tests.mutants.planting import mutant, plant


def forgetful(reply: Reply) -> None:
    """Shows metadata as empty where there are some."""
    body = reply.json
    if body and "metadata" in body:
        reply.json = {**body, "metadata": {}}


def ten_pairs(organization: Object) -> None:
    """Shows ten pairs of metadata at most."""
    organization["metadata"] = dict(list(organization["metadata"].items())[:10])


# fmt: off
plant("get-shows-ten-pairs", "get.current-state", "get shows ten pairs of metadata at most.",
      organizations(ten_pairs, ("get",)))
plant("every-twentieth-get-is-gone", "get.current-state", "Every twentieth get is gone.",
      sometimes("get", 20, not_found), flaky=True)
plant("every-twentieth-get-has-another-name", "get.current-state", "Every twentieth get has another name.",
      sometimes("get", 20, other_name), flaky=True)
plant("every-tenth-get-forgets-metadata", "get.current-state", "Every tenth get shows no metadata.",
      sometimes("get", 10, forgetful), flaky=True)
plant("name-stale-in-get", "get.current-state", "get goes on showing name as it first did.",
      organizations(stale("name"), ("get",)), occasion="update.keeps-the-rest")
plant("metadata-stale-in-get", "get.current-state", "get goes on showing metadata as it first did.",
      organizations(stale("metadata"), ("get",)), occasion="update.keeps-the-rest")
plant("domains-stale-in-get", "get.current-state", "get goes on showing domains as it first did.",
      organizations(stale("domains"), ("get",)), occasion="update.keeps-the-rest")
plant("updated-at-stale-in-get", "get.current-state", "get goes on showing updated_at as it first did.",
      organizations(stale("updated_at"), ("get",)), occasion="update.keeps-the-rest")
plant("id-mixed-up", "get.current-state", "id is that of the organization that was shown before.",
      organizations(mixed_up("id")))
plant("updated-at-mixed-up", "get.current-state", "updated_at is that of the organization that was shown before.",
      organizations(mixed_up("updated_at")))
plant("domain-id-mixed-up", "get.current-state", "id of a domain is that of the domain that was shown before.",
      domains(mixed_up("id")))
plant("domain-created-at-mixed-up", "get.current-state",
      "created_at of a domain is that of the domain that was shown before.",
      domains(mixed_up("created_at")))
# fmt: on


@mutant("domain-ids-always-new", "get.current-state")
class DomainIdsAlwaysNew(Responses):
    """A domain has another id in every response."""

    def domain(self, organization: Organization, domain: Domain) -> dict[str, Any]:
        return {**super().domain(organization, domain), "id": f"org_domain_{Ulids().new(domain.created_at)}"}


@mutant("create-touches-the-newest", "get.current-state")
class CreateTouchesTheNewest(Store):
    """A create moves updated_at of the organization before."""

    def insert(self, organization: Organization) -> None:
        statement = "UPDATE organization SET updated_at = ? WHERE rowid = (SELECT max(rowid) FROM organization)"
        self._connection.execute(statement, (organization.created_at + 1,))
        super().insert(organization)


@mutant("create-empties-the-newest", "get.current-state")
class CreateEmptiesTheNewest(Store):
    """A create empties metadata of the organization before."""

    def insert(self, organization: Organization) -> None:
        statement = "UPDATE organization SET metadata = '{}' WHERE rowid = (SELECT max(rowid) FROM organization)"
        self._connection.execute(statement)
        super().insert(organization)


@mutant("get-from-a-cache", "get.current-state")
class GetFromACache(Api):
    """A read goes on showing what it first showed for a second."""

    def __init__(self, store: Store, key: str) -> None:
        super().__init__(store, key)
        self._cache: dict[str, tuple[int, Organization]] = {}

    def get(self, call: Call) -> Response:
        id = call.path["id"]
        made, organization = self._cache.get(id, (0, None))
        if organization is None or now() - made > 1000 or self.store.by_id(id) is None:
            organization = self.known(id)
            self._cache[id] = (now(), organization)
        return self.responses.found(organization)


@mutant("get-touches", "get.current-state")
class GetTouches(Api):
    """Reading an organization moves its updated_at."""

    def get(self, call: Call) -> Response:
        known = self.known(call.path["id"])
        self.store.update(dataclasses.replace(known, updated_at=self.changes.moved(known.updated_at)))
        return super().get(call)


@mutant("updates-lag", "get.current-state")
class UpdatesLag(Api):
    """An update can be read after 300 milliseconds, and not before."""

    def __init__(self, store: Store, key: str) -> None:
        super().__init__(store, key)
        self._former: dict[str, tuple[int, Organization]] = {}

    def update(self, call: Call) -> Response:
        known = self.known(call.path["id"])
        response = super().update(call)
        self._former[known.id] = (now(), known)
        return response

    def get(self, call: Call) -> Response:
        known = self.known(call.path["id"])
        moment, former = self._former.get(known.id, (0, known))
        return self.responses.found(former if now() - moment < 300 else known)


@mutant("new-time-only-answered", "get.current-state")
class NewTimeOnlyAnswered(Api):
    """An update answers with another updated_at than is kept."""

    def update(self, call: Call) -> Response:
        response = super().update(call)
        known = self.known(call.path["id"])
        self.store.update(dataclasses.replace(known, updated_at=known.updated_at + 1000))
        return response


@mutant("allow-profiles-only-answered", "get.current-state")
class AllowProfilesOnlyAnswered(Store):
    """allow_profiles_outside_organization is true only in the response to the create or update that sets it."""

    def insert(self, organization: Organization) -> None:
        super().insert(dataclasses.replace(organization, allow_profiles=False))

    def update(self, organization: Organization) -> None:
        super().update(dataclasses.replace(organization, allow_profiles=False))


@mutant("domain-states-only-answered", "get.current-state")
class DomainStatesOnlyAnswered(Store):
    """A domain is verified only in the response to the create or update that says so."""

    def _insert_domains(self, organization: Organization) -> None:
        pending = (dataclasses.replace(domain, state="pending") for domain in organization.domains)
        super()._insert_domains(dataclasses.replace(organization, domains=tuple(pending)))
