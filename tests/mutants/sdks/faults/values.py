"""Faults in what is given back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from tests.mutants.sdks.call import Call, SdkError
from tests.mutants.sdks.release import DOMAIN_FIELDS, FIELDS, TYPES, Release


class CutsNames(Release):
    """Gives back names of up to 100 characters."""

    requirement = "sdk.value.fields"

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return given | {"name": given["name"][:100]}


class LosesDomains(Release):
    """Gives back the first domain alone."""

    requirement = "sdk.value.fields"

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return given | {"domains": given["domains"][:1]}


class SaysEmptyForNull(Release):
    """Gives an empty text where there is none."""

    requirement = "sdk.value.null"

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return given | {"external_id": given["external_id"] or ""}


class ShiftsTime(Release):
    """Takes timestamps for local time, an hour ahead."""

    requirement = "sdk.value.timestamps"

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return given | {"created_at": {"$date": given["created_at"].replace("Z", "+01:00")}}


class RoundsTime(Release):
    """Gives back whole seconds."""

    requirement = "sdk.value.timestamps"

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return given | {"updated_at": {"$date": given["updated_at"].partition(".")[0] + "Z"}}


class CapitalizesStates(Release):
    """Gives back the names of enumerations as constants."""

    requirement = "sdk.value.enums"

    def domain(self, value: Any) -> dict[str, Any]:
        given = super().domain(value)
        return given | ({"state": {"$enum": given["state"].upper()}} if "state" in given else {})


class FiltersMetadata(Release):
    """Drops keys that are dangerous in other languages."""

    requirement = "sdk.value.metadata"

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        kept = {key: text for key, text in given["metadata"]["$map"].items() if not key.startswith(("__", "$"))}
        return given | {"metadata": {"$map": kept}}


class InventsACustomer(Release):
    """Gives a customer where none was served."""

    requirement = "sdk.value.nothing-invented"

    def organization(self, value: Any) -> dict[str, Any]:
        return {"stripe_customer_id": "cus_unknown"} | super().organization(value)


class DropsTheObjectWord(Release):
    """Gives no object."""

    requirement = "sdk.value.object-word"

    def organization(self, value: Any) -> dict[str, Any]:
        return {name: field for name, field in super().organization(value).items() if name != "object"}


class SortsPages(Release):
    """Sorts a page by name."""

    requirement = "sdk.value.page"

    def page(self, value: Any) -> dict[str, Any]:
        given = super().page(value)
        return given | {"data": sorted(given["data"], key=lambda item: item["id"])}


class LosesTheCursorBefore(Release):
    """Carries one cursor alone."""

    requirement = "sdk.value.cursors"

    def page(self, value: Any) -> dict[str, Any]:
        given = super().page(value)
        return given | {"list_metadata": {**given["list_metadata"], "before": None}}


class RefusesUnknownFields(Release):
    """Takes a field that it does not know for an error."""

    requirement = "sdk.value.unknown-fields"

    def checked(self, value: Any, types: Mapping[str, tuple[type, ...]]) -> dict[str, Any]:
        found = super().checked(value, types)
        if types is TYPES and not found.keys() <= set(FIELDS):
            raise SdkError("other", "a field is unknown")
        return found


class RefusesUnknownStates(Release):
    """Takes a state that it does not know for an error."""

    requirement = "sdk.value.unknown-enum"

    def domain(self, value: Any) -> dict[str, Any]:
        given = super().domain(value)
        if given.get("state", "pending") not in ("failed", "legacy_verified", "pending", "unverified", "verified"):
            raise SdkError("other", "a state is unknown")
        return given


class NeedsADomainState(Release):
    """Takes an optional field for a required one."""

    requirement = "sdk.value.minimal"

    def domain(self, value: Any) -> dict[str, Any]:
        given = super().domain(value)
        if not given.keys() >= {"state"}:
            raise SdkError("other", "a domain has no state")
        return given


class TakesTenPairs(Release):
    """Takes no more than ten pairs of metadata."""

    requirement = "sdk.value.maximal"

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return given | {"metadata": {"$map": dict(list(given["metadata"]["$map"].items())[:10])}}


class NeedsItsContentType(Release):
    """Reads JSON only under the one spelling of its name."""

    requirement = "sdk.value.json-forms"

    def json_of(self, response: httpx.Response) -> Any:
        if not response.headers.get("content-type", "").startswith("application/json"):
            raise SdkError("other", "the response is no JSON")
        return super().json_of(response)


class FillsHoles(Release):
    """Gives back an organization with holes."""

    requirement = "sdk.value.missing-field"

    def checked(self, value: Any, types: Mapping[str, tuple[type, ...]]) -> dict[str, Any]:
        if not isinstance(value, dict):
            return super().checked(value, types)
        empty: dict[type, Any] = {list: [], dict: {}, str: None}
        return {name: empty[kinds[0]] for name, kinds in types.items()} | value


class TakesAnyType(Release):
    """Gives back a field of whatever type."""

    requirement = "sdk.value.wrong-type"

    def checked(self, value: Any, types: Mapping[str, tuple[type, ...]]) -> dict[str, Any]:
        texts = {name: (object,) if kinds[0] is str else kinds for name, kinds in types.items()}
        return super().checked(value, texts)


class TakesHtmlForNothing(Release):
    """Gives an empty organization for what is no JSON."""

    requirement = "sdk.value.broken-body"

    def perform(self, call: Call) -> Any:
        try:
            return super().perform(call)
        except SdkError as error:
            if error.fields["message"] != "the response is no JSON":
                raise
            return {}


class DropsDomainFields(Release):
    """Does not know the token of a domain."""

    requirement = "sdk.value.fields"

    def domain(self, value: Any) -> dict[str, Any]:
        known = [name for name in DOMAIN_FIELDS if name != "verification_token"]
        return {name: field for name, field in super().domain(value).items() if name in known}


class WantsADeleteToBeEmpty(Release):
    """Takes the text of a delete for an error."""

    requirement = "sdk.value.delete-accepted"

    def perform(self, call: Call) -> Any:
        if call.op != "delete":
            return super().perform(call)
        if self.request(call).content == b"Accepted":
            raise SdkError("other", "the response is no JSON")
        return None


class ReadsABodyAfterDelete(Release):
    """Wants a body of every delete."""

    requirement = "sdk.value.delete-no-content"

    def perform(self, call: Call) -> Any:
        if call.op != "delete":
            return super().perform(call)
        if self.request(call).status_code == 204:
            raise SdkError("other", "the response is empty")
        return None


class ForgivesMissingCursors(Release):
    """Takes a page that says nothing of the next one for the last."""

    requirement = "sdk.value.missing-field"

    def page(self, value: Any) -> dict[str, Any]:
        cursors = value.get("list_metadata") if isinstance(value, dict) else None
        return super().page(
            value | {"list_metadata": {"after": None, **cursors}} if isinstance(cursors, dict) else value
        )


class GivesEmptyPages(Release):
    """Gives no organization of a page."""

    requirement = "sdk.value.page"

    def page(self, value: Any) -> dict[str, Any]:
        return super().page(value) | {"data": []}


class GivesLittle(Release):
    """Gives the id of an organization and its name alone."""

    requirement = "sdk.value.fields"

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return {name: given[name] for name in ("id", "name")}


class LosesZerosOfTime(Release):
    """Gives the milliseconds of a timestamp without the zeros in front of them."""

    requirement = "sdk.value.timestamps"

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return given | {"created_at": given["created_at"].replace(".00", ".")}
