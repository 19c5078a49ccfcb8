"""Faults in pages that are given back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.blind.sdks.planted import Fault, Proof, calling, named, organization, page

LIST = (calling("list"),)


class GivesTenOfPage(Fault):
    """Gives the first ten organizations of a page and no more."""

    requirement = "sdk.value.page"
    difficulty = "medium"
    proof = Proof(LIST, (named(*(f"org_{n}" for n in range(11))),), lacks='"org_10"')

    def page(self, value: Any) -> dict[str, Any]:
        given = super().page(value)
        return given | {"data": given["data"][:10]}


class SkipsOrganizationsWithoutDomains(Fault):
    """Leaves out of a page the organizations that have no domains."""

    requirement = "sdk.value.page"
    difficulty = "plain"
    proof = Proof(LIST, (page(organization()),), shows='"data": []')

    def page(self, value: Any) -> dict[str, Any]:
        given = super().page(value)
        return given | {"data": [item for item in given["data"] if item["domains"]]}


class GivesEmptyCursors(Fault):
    """Gives a cursor that is null as an empty text."""

    requirement = "sdk.value.null"
    difficulty = "medium"
    proof = Proof(LIST, (page(),), shows='"after": ""', lacks='"after": null')

    def page(self, value: Any) -> dict[str, Any]:
        given = super().page(value)
        return given | {"list_metadata": {name: cursor or "" for name, cursor in given["list_metadata"].items()}}

    def next_cursor(self, page: Mapping[str, Any], given: Mapping[str, Any]) -> str | None:
        return super().next_cursor(page, given) or None


class LosesCursorBefore(Fault):
    """Gives null for the cursor that leads backward."""

    requirement = "sdk.value.cursors"
    difficulty = "medium"
    proof = Proof(LIST, (page(before="org_0"),), shows='"before": null', lacks='"before": "org_0"')

    def page(self, value: Any) -> dict[str, Any]:
        given = super().page(value)
        return given | {"list_metadata": given["list_metadata"] | {"before": None}}
