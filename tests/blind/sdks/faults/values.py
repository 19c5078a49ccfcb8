"""Faults in single values that are given back."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.blind.sdks.faults.bodies import snake_case
from tests.blind.sdks.planted import TIME, Fault, Proof, calling, domain, one, page
from tests.mutants.sdks.call import Call

GET = (calling("get"),)
TIMES = ("created_at", "updated_at")
ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class DropsMilliseconds(Fault):
    """Gives the timestamps of an organization in whole seconds."""

    requirement = "sdk.value.timestamps"
    difficulty = "plain"
    proof = Proof(GET, (one(),), shows='"created_at": "2026-01-15T12:00:00Z"', lacks=TIME)

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return given | {name: re.sub(r"\.\d+", "", given[name]) for name in TIMES}


class DropsOffsets(Fault):
    """Gives the timestamps of domains without their offset from UTC, as if every server wrote Z."""

    requirement = "sdk.value.timestamps"
    difficulty = "narrow"
    proof = Proof(GET, (one(domains=[domain(created_at="2026-01-15T12:00:00.000+02:00")]),), lacks="+02:00")

    def domain(self, value: Any) -> dict[str, Any]:
        given = super().domain(value)
        return given | {name: re.sub(r"[+-]\d\d:\d\d$", "Z", given[name]) for name in TIMES}


class CutsMilliseconds(Fault):
    """Reads updated_at through a floating number and cuts it, so that some come back a millisecond early."""

    requirement = "sdk.value.timestamps"
    difficulty = "narrow"
    proof = Proof(GET, (one(updated_at="2026-01-15T12:00:00.001Z"),), shows="00.000", lacks="00.001")

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        try:
            moment = datetime.fromisoformat(given["updated_at"])
        except ValueError:
            return given
        fraction, seconds = math.modf(moment.timestamp())
        cut = EPOCH + timedelta(seconds=seconds, milliseconds=int(fraction * 1000))
        return given | {"updated_at": {"$date": cut.isoformat(timespec="milliseconds")}}


class GivesEmptyExternalId(Fault):
    """Gives an external_id of null as an empty text."""

    requirement = "sdk.value.null"
    difficulty = "plain"
    proof = Proof(GET, (one(),), shows='"external_id": ""', lacks='"external_id": null')

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return given | {"external_id": given["external_id"] or ""}


class DropsUnknownStates(Fault):
    """Gives null for a state of a domain that it does not know."""

    requirement = "sdk.value.unknown-enum"
    difficulty = "plain"
    proof = Proof(GET, (one(domains=[domain(state="expired")]),), shows='"state": null', lacks='"state": "expired"')

    def domain(self, value: Any) -> dict[str, Any]:
        given = super().domain(value)
        known = given.get("state") in ("failed", "legacy_verified", "pending", "unverified", "verified")
        return given if known or "state" not in given else given | {"state": None}


class RaisesForUnknownStrategies(Fault):
    """Raises an error of the language for a verification_strategy that it does not know."""

    requirement = "sdk.value.unknown-enum"
    difficulty = "medium"
    proof = Proof(GET, (one(domains=[domain(verification_strategy="http")]),), shows='"class": "ValueError"')

    def domain(self, value: Any) -> dict[str, Any]:
        given = super().domain(value)
        if given.get("verification_strategy", "dns") not in ("dns", "manual"):
            raise ValueError("no such verification strategy")
        return given


class GivesLegacyVerifiedAsVerified(Fault):
    """Gives the state legacy_verified as verified."""

    requirement = "sdk.value.enums"
    difficulty = "narrow"
    proof = Proof(GET, (one(domains=[domain(state="legacy_verified")]),), shows='"state": "verified"')

    def domain(self, value: Any) -> dict[str, Any]:
        given = super().domain(value)
        return given | ({"state": "verified"} if given.get("state") == "legacy_verified" else {})


class GivesMetadataKeysInSnakeCase(Fault):
    """Gives the keys of metadata in snake_case, like the names of fields."""

    requirement = "sdk.value.metadata"
    difficulty = "medium"
    proof = Proof(GET, (one(metadata={"billingPlan": "a"}),), shows='"billing_plan"', lacks='"billingPlan"')

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return given | {"metadata": {"$map": {snake_case(k): v for k, v in value["metadata"].items()}}}


class DropsProtoKey(Fault):
    """Loses the metadata key __proto__, as an assignment to an object of JavaScript does."""

    requirement = "sdk.value.metadata"
    difficulty = "narrow"
    proof = Proof(GET, (one(metadata={"__proto__": "a", "b": "c"}),), lacks="__proto__")

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return given | {"metadata": {"$map": {k: v for k, v in value["metadata"].items() if k != "__proto__"}}}


class GivesNoEmptyMetadata(Fault):
    """Gives null for empty metadata."""

    requirement = "sdk.value.metadata"
    difficulty = "medium"
    proof = Proof(GET, (one(),), shows='"metadata": null')

    def organization(self, value: Any) -> dict[str, Any]:
        return super().organization(value) | ({} if value["metadata"] else {"metadata": None})


class ReformatsMetadataDates(Fault):
    """Takes a metadata value that looks like a timestamp for one and writes it in another way, as Json.NET does."""

    requirement = "sdk.value.metadata"
    difficulty = "narrow"
    proof = Proof(GET, (one(metadata={"since": "2020-01-31T08:00:00Z"}),), shows='"01/31/2020 08:00:00"')

    def organization(self, value: Any) -> dict[str, Any]:
        def reformatted(text: Any) -> Any:
            found = ISO.fullmatch(text) if isinstance(text, str) else None
            return "{1}/{2}/{0} {3}".format(*found.groups()) if found else text

        given = super().organization(value)
        return given | {"metadata": {"$map": {k: reformatted(v) for k, v in value["metadata"].items()}}}


class GivesTenPairs(Fault):
    """Gives the first ten pairs of metadata and no more."""

    requirement = "sdk.value.maximal"
    difficulty = "narrow"
    proof = Proof(GET, (one(metadata={f"k{n}": "v" for n in range(11)}),), lacks='"k10": "v"')

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return given | {"metadata": {"$map": dict(list(value["metadata"].items())[:10])}}


class SortsDomains(Fault):
    """Gives the domains of an organization by their name, and not in the order that was served."""

    requirement = "sdk.value.fields"
    difficulty = "medium"
    proof = Proof(
        GET, (one(domains=[domain(id="b", domain="b.com"), domain(id="a", domain="a.com")]),),
        shows='"domains": [{"created_at": "2026-01-15T12:00:00.123Z", "domain": "a.com"',
    )  # fmt: skip

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        return given | {"domains": sorted(given["domains"], key=lambda item: str(item["domain"]))}


class TrimsNamesOfLookups(Fault):
    """Gives the name without white space around it where it looked the organization up."""

    requirement = "sdk.value.fields"
    difficulty = "narrow"
    proof = Proof((calling("lookup"),), (one(name=" Foo "),), shows='"name": "Foo"', lacks='"name": " Foo "')

    def perform(self, call: Call) -> Any:
        given = super().perform(call)
        return given | {"name": given["name"].strip()} if call.op == "lookup" else given


class GivesNullForFalse(Fault):
    """Gives null where allow_profiles_outside_organization is false."""

    requirement = "sdk.value.fields"
    difficulty = "medium"
    proof = Proof(GET, (one(allow_profiles_outside_organization=False),), lacks='organization": false')

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        name = "allow_profiles_outside_organization"
        return given | {name: given.get(name) or None}


class InventsStrategies(Fault):
    """Says that a domain without a verification_strategy is verified by dns."""

    requirement = "sdk.value.nothing-invented"
    difficulty = "narrow"
    proof = Proof(GET, (one(domains=[domain()]),), shows='"verification_strategy": "dns"')

    def domain(self, value: Any) -> dict[str, Any]:
        return {"verification_strategy": "dns", **super().domain(value)}


class DropsObjectOfDomains(Fault):
    """Gives domains without the word that says which kind of object they are."""

    requirement = "sdk.value.object-word"
    difficulty = "narrow"
    proof = Proof(GET, (one(domains=[domain()]),), lacks='"object": "organization_domain"')

    def domain(self, value: Any) -> dict[str, Any]:
        return {name: field for name, field in super().domain(value).items() if name != "object"}


class LosesStripeCustomerOfUpdates(Fault):
    """Gives no stripe_customer_id after an update, whose result has a model of its own."""

    requirement = "sdk.value.fields"
    difficulty = "medium"
    proof = Proof((calling("update", name="Bar"),), (one(stripe_customer_id="cus_1"),), lacks="cus_1")

    def perform(self, call: Call) -> Any:
        given = super().perform(call)
        return {k: v for k, v in given.items() if k != "stripe_customer_id"} if call.op == "update" else given


class GivesStateOfListsInUpperCase(Fault):
    """Gives the state of a domain as the name of its enum member where it lists."""

    requirement = "sdk.value.enums"
    difficulty = "medium"
    proof = Proof(
        (calling("list"),), (page({**one().body, "domains": [domain(state="pending")]}),), shows='"$enum": "PENDING"'
    )

    def page(self, value: Any) -> dict[str, Any]:
        given = super().page(value)
        for item in (
            item for found in given["data"] for item in found["domains"] if isinstance(item.get("state"), str)
        ):
            item["state"] = {"$enum": item["state"].upper()}
        return given
