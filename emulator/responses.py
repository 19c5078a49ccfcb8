"""How records and refusals look in JSON."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from emulator.paging import Page
from emulator.records import Domain, Organization
from emulator.refusals import Refusal


class Responses:
    """Makes responses; each part of a body has its own method."""

    def created(self, organization: Organization) -> Response:
        """201 with the new organization (O)."""
        return self.json(201, self.organization(organization))

    def found(self, organization: Organization) -> Response:
        """200 with the organization (O)."""
        return self.json(200, self.organization(organization))

    def listed(self, page: Page) -> Response:
        """200 with a page (O)."""
        return self.json(200, self.page(page))

    def deleted(self) -> Response:
        """202 with plain text (R)."""
        return self.response(202, b"Accepted", "text/plain; charset=utf-8")

    def refused(self, refusal: Refusal) -> Response:
        """The refusal's own status and body."""
        return self.json(refusal.status, refusal.body())

    def failed(self, status: int, message: str) -> Response:
        """An error outside the operations: unknown path, unknown method, a crash."""
        return self.json(status, {"message": message})

    def json(self, status: int, value: Any) -> Response:
        """A response in JSON, as UTF-8 and without escapes (R)."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return self.response(status, text.encode(), "application/json; charset=utf-8")

    def response(self, status: int, content: bytes, media_type: str) -> Response:
        """A response with its own request id (R)."""
        return Response(content, status, {"X-Request-ID": self.request_id()}, media_type)

    def request_id(self) -> str:
        """A new id for an exchange."""
        return str(uuid.uuid4())

    def organization(self, organization: Organization) -> dict[str, Any]:
        """The organization as an object of the API."""
        return {
            "object": "organization",
            "id": organization.id,
            "name": organization.name,
            "domains": [self.domain(organization, domain) for domain in organization.domains],
            "metadata": dict(organization.metadata),
            "external_id": organization.external_id,
            **self.stripe(organization),
            "allow_profiles_outside_organization": organization.allow_profiles,
            "created_at": self.timestamp(organization.created_at),
            "updated_at": self.timestamp(organization.updated_at),
        }

    def stripe(self, organization: Organization) -> dict[str, str]:
        """The Stripe customer: never null, left out until it is set (O, R)."""
        if organization.stripe_customer_id is None:
            return {}
        return {"stripe_customer_id": organization.stripe_customer_id}

    def domain(self, organization: Organization, domain: Domain) -> dict[str, Any]:
        """A domain as an object of the API."""
        return {
            "object": "organization_domain",
            "id": domain.id,
            "organization_id": organization.id,
            "domain": domain.domain,
            "state": domain.state,
            **self.strategy(domain),
            "created_at": self.timestamp(domain.created_at),
            "updated_at": self.timestamp(domain.updated_at),
        }

    def strategy(self, domain: Domain) -> dict[str, str]:
        """How the domain is verified, left out where nobody said (R)."""
        return {} if domain.strategy is None else {"verification_strategy": domain.strategy}

    def page(self, page: Page) -> dict[str, Any]:
        """A page as a list of the API: both cursors always there (S, O)."""
        return {
            "object": "list",
            "data": [self.organization(organization) for organization in page.organizations],
            "list_metadata": {"before": page.before, "after": page.after},
        }

    def timestamp(self, moment: int) -> str:
        """RFC 3339 in UTC, with Z and three decimals (S, R)."""
        seconds, milliseconds = divmod(moment, 1000)
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{milliseconds:03}Z"
