"""Faults in what an SDK makes of domains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from tests.mutants.sdks.call import Call
from tests.mutants.sdks.release import Release


class WritesDomainsWithoutTheirRoot(Release):
    """Takes the dot at the end of a domain away."""

    requirement = "sdk.request.body-values"

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        if body.get("domain_data"):
            body["domain_data"] = [{**item, "domain": item["domain"].rstrip(".")} for item in body["domain_data"]]
        return body


class SeparatesDomainsBySemicolons(Release):
    """Sends a list of domains with other signs between them."""

    requirement = "sdk.request.query-style"

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return urlencode({name: ";".join(value) if isinstance(value, list) else value for name, value in given.items()})


class IncludesDomains(Release):
    """Looks an organization up with a parameter that nothing declares."""

    requirement = "sdk.request.query-declared"

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return "include=domains" if call.op == "lookup" else super().query(call, given)


class ForgivesDomainsOfNobody(Release):
    """Takes a domain that does not say whose it is."""

    requirement = "sdk.value.missing-field"

    def domain(self, value: Any) -> dict[str, Any]:
        return super().domain({"organization_id": "org_0", **value} if isinstance(value, dict) else value)


class LowersTokens(Release):
    """Gives back the token of a domain in small letters."""

    requirement = "sdk.value.fields"

    def domain(self, value: Any) -> dict[str, Any]:
        given = super().domain(value)
        token = given.get("verification_token")
        return given | ({"verification_token": token.lower()} if token else {})
