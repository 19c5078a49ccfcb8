"""What a valid body makes of an organization; nothing here knows HTTP or SQL."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeAlias

from emulator.identifiers import Ulids, now
from emulator.records import Domain, Organization
from emulator.refusals import InvalidMetadata

Body: TypeAlias = Mapping[str, Any]

MOST_METADATA = 50


class Changes:
    """Makes organizations and changes them; each field has its own method."""

    def __init__(self) -> None:
        self._ulids = Ulids()

    def created(self, body: Body) -> Organization:
        """The new organization that a create body describes."""
        moment = self.now()
        return Organization(
            id=self.organization_id(moment),
            name=body["name"],
            domains=self.domains(body, moment),
            metadata=self.first_metadata(body),
            external_id=body.get("external_id"),
            stripe_customer_id=None,
            allow_profiles=body.get("allow_profiles_outside_organization", False),
            created_at=moment,
            updated_at=moment,
        )

    def updated(self, known: Organization, body: Body) -> Organization:
        """What an update body makes of a known organization: fields left out keep their value (O, R).

        Raises InvalidMetadata when the merged metadata are too many.
        """
        moment = self.moved(known.updated_at)
        return dataclasses.replace(
            known,
            name=body.get("name", known.name),
            domains=self.replaced_domains(known, body, moment),
            metadata=self.next_metadata(known, body),
            external_id=body.get("external_id", known.external_id),
            stripe_customer_id=body.get("stripe_customer_id", known.stripe_customer_id),
            allow_profiles=body.get("allow_profiles_outside_organization", known.allow_profiles),
            updated_at=moment,
        )

    def now(self) -> int:
        """The present moment."""
        return now()

    def moved(self, previous: int) -> int:
        """The present moment, but always later than the previous change."""
        return max(self.now(), previous + 1)

    def organization_id(self, moment: int) -> str:
        """A new id of an organization (S, R: a prefix and a ULID)."""
        return f"org_{self._ulids.new(moment)}"

    def domain_id(self, moment: int) -> str:
        """A new id of a domain (S, R: a prefix and a ULID)."""
        return f"org_domain_{self._ulids.new(moment)}"

    def domains(self, body: Body, moment: int) -> tuple[Domain, ...]:
        """The domains that a body gives, each once; the state in domain_data goes before domains."""
        stated = {item["domain"]: item["state"] for item in body.get("domain_data", ())}
        plain = [domain for domain in dict.fromkeys(body.get("domains", ())) if domain not in stated]
        return (
            *(self.stated_domain(domain, state, moment) for domain, state in stated.items()),
            *(self.plain_domain(domain, moment) for domain in plain),
        )

    def stated_domain(self, domain: str, state: str, moment: int) -> Domain:
        """A domain of domain_data: the given state, strategy manual (R)."""
        return Domain(self.domain_id(moment), domain, state, "manual", moment, moment)

    def plain_domain(self, domain: str, moment: int) -> Domain:
        """A domain of the deprecated domains: legacy_verified, no strategy (R)."""
        return Domain(self.domain_id(moment), domain, "legacy_verified", None, moment, moment)

    def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
        """The domains of the body, when it gives any field of domains, else the known ones (R)."""
        if "domains" in body or "domain_data" in body:
            return self.domains(body, moment)
        return known.domains

    def first_metadata(self, body: Body) -> Mapping[str, str]:
        """The metadata of a new organization."""
        return body.get("metadata") or {}

    def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
        """The metadata after an update: left out, they stay; null or {} removes all; else they merge (D)."""
        if "metadata" not in body:
            return known.metadata
        if not body["metadata"]:
            return {}
        return self.limited(self.merged(known.metadata, body["metadata"]))

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        """Keys left out stay, keys set to null go (D)."""
        return {key: value for key, value in {**known, **given}.items() if value is not None}

    def limited(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
        """The metadata, unless they are too many. Raises InvalidMetadata."""
        if len(metadata) > MOST_METADATA:
            raise InvalidMetadata(f"metadata must have at most {MOST_METADATA} pairs.")
        return metadata
