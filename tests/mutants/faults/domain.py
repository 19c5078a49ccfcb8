"""Domains that are out of shape, or belong to another organization."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from emulator.changes import Changes
from emulator.records import Domain, Organization
from emulator.responses import Responses
from tests.mutants.parts.objects import convert, domains, mixed_up, organizations, put, to_the_second, without
from tests.mutants.planting import mutant, plant

# fmt: off
plant("domain-object-missing", "domain.object", "No domain has object.", domains(without("object")))
plant("domain-object-null", "domain.object", "object of every domain is null.", domains(put("object", None)))
plant("domain-object-other-type", "domain.object", "object of every domain is 'domain'.",
      domains(put("object", "domain")))
plant("domains-plain-names", "domain.object", "domains holds plain names.",
      organizations(convert("domains", lambda value: [domain["domain"] for domain in value])))

plant("domain-id-missing", "domain.id", "No domain has id.", domains(without("id")))
plant("domain-id-null", "domain.id", "id of every domain is null.", domains(put("id", None)))
plant("domain-id-other-type", "domain.id", "id of every domain is 17.", domains(put("id", 17)))

plant("domain-organization-id-missing", "domain.organization-id", "No domain has organization_id.",
      domains(without("organization_id")))
plant("domain-organization-id-null", "domain.organization-id", "organization_id of every domain is null.",
      domains(put("organization_id", None)))
plant("domain-organization-id-other-type", "domain.organization-id", "organization_id of every domain is 17.",
      domains(put("organization_id", 17)))
plant("domain-owner-is-itself", "domain.organization-id", "A domain names itself as its organization.",
      domains(lambda value: put("organization_id", value["id"])(value)))
plant("domain-owner-without-prefix", "domain.organization-id", "organization_id has lost its prefix.",
      domains(convert("organization_id", lambda value: value.removeprefix("org_"))))
plant("domains-mixed-up", "domain.organization-id", "domains is that of the organization that was shown before.",
      organizations(mixed_up("domains")))
plant("domains-mixed-up-in-list", "domain.organization-id", "A list shows domains of the organization above.",
      organizations(mixed_up("domains"), ("list",)))
plant("domain-owner-mixed-up", "domain.organization-id", "A domain names the organization that was shown before.",
      domains(mixed_up("organization_id")))

plant("domain-domain-missing", "domain.domain", "No domain has domain.", domains(without("domain")))
plant("domain-domain-null", "domain.domain", "domain of every domain is null.", domains(put("domain", None)))
plant("domain-domain-other-type", "domain.domain", "domain of every domain is {'name': 'example.com'}.",
      domains(put("domain", {"name": "example.com"})))

plant("domain-state-unknown", "domain.state", "The state of a domain is none of the five.",
      domains(put("state", "active")))
plant("domain-state-null", "domain.state", "The state of a domain is null.", domains(put("state", None)))
plant("domain-state-upper-case", "domain.state", "The state of a domain is in capitals.",
      domains(convert("state", str.upper)))

plant("domain-prefix-number", "domain.verification-prefix", "verification_prefix is a number.",
      domains(put("verification_prefix", 3)))

plant("domain-token-null", "domain.verification-token", "verification_token is null.",
      domains(put("verification_token", None)))

plant("domain-strategy-null", "domain.verification-strategy", "verification_strategy is null.",
      domains(put("verification_strategy", None)))
plant("domain-strategy-unknown", "domain.verification-strategy", "verification_strategy is email.",
      domains(put("verification_strategy", "email")))

plant("domain-created-at-missing", "domain.created-at", "No domain has created_at.", domains(without("created_at")))
plant("domain-created-at-null", "domain.created-at", "created_at of every domain is null.",
      domains(put("created_at", None)))
plant("domain-created-at-other-type", "domain.created-at", "created_at of every domain is 1767225600.",
      domains(put("created_at", 1_767_225_600)))
plant("domain-created-without-zone", "domain.created-at", "created_at of a domain has no zone.",
      domains(convert("created_at", lambda value: value.removesuffix("Z"))))

def in_another_zone(hours: int) -> Callable[[dict[str, Any]], None]:
    """Shows local times of a zone as if they were in UTC."""

    def change(domain: dict[str, Any]) -> None:
        for field in ("created_at", "updated_at"):
            local = datetime.fromisoformat(domain[field]) + timedelta(hours=hours)
            domain[field] = local.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    return change


plant("domain-times-of-the-east", "domain.created-at", "Times of domains are an hour too late.",
      domains(in_another_zone(1)))
plant("domain-times-of-the-west", "domain.created-at", "Times of domains are an hour too early.",
      domains(in_another_zone(-1)))

plant("domain-updated-at-missing", "domain.updated-at", "No domain has updated_at.", domains(without("updated_at")))
plant("domain-updated-at-null", "domain.updated-at", "updated_at of every domain is null.",
      domains(put("updated_at", None)))
plant("domain-updated-at-other-type", "domain.updated-at", "updated_at of every domain is 'just now'.",
      domains(put("updated_at", "just now")))

plant("domain-times-to-the-second", "domain.timestamp-form", "Times of domains have no fraction of a second.",
      domains(convert("updated_at", to_the_second)))
# fmt: on


@mutant("domain-ids-are-uuids", "domain.id-form")
class DomainIdsAreUuids(Changes):
    """Ids of domains are UUIDs."""

    def domain_id(self, moment: int) -> str:
        return str(uuid.uuid4())


class Numbering(Responses):
    """Responses that show other ids of domains."""

    def domain(self, organization: Organization, domain: Domain) -> dict[str, Any]:
        return {**super().domain(organization, domain), "id": f"org_domain_{self.number(organization, domain):026}"}

    def number(self, organization: Organization, domain: Domain) -> int:
        """What stands in the place of the ULID."""
        return 0


@mutant("domain-ids-count-in-each-organization", "domain.ids-differ")
class DomainIdsCountInEachOrganization(Numbering):
    """The ids of domains count from 1 in each organization."""

    def number(self, organization: Organization, domain: Domain) -> int:
        return organization.domains.index(domain) + 1


@mutant("domain-ids-by-name", "domain.ids-differ")
class DomainIdsByName(Numbering):
    """The id of a domain follows from its name: two organizations that share one share the id."""

    def number(self, organization: Organization, domain: Domain) -> int:
        return int.from_bytes(domain.domain.encode()[:10])


@mutant("domain-ids-by-organization", "domain.ids-differ")
class DomainIdsByOrganization(Numbering):
    """The domains of an organization have one id."""

    def number(self, organization: Organization, domain: Domain) -> int:
        return int.from_bytes(organization.id.encode()[-10:])


@mutant("domain-ids-by-second", "domain.ids-differ")
class DomainIdsBySecond(Numbering):
    """Domains made in the same second have one id."""

    def number(self, organization: Organization, domain: Domain) -> int:
        return domain.created_at // 1000
