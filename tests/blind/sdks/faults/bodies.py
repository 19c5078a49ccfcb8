"""Faults in bodies of requests."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from tests.blind.sdks.planted import Fault, Proof, calling, one
from tests.mutants.sdks.call import Call

NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
CREATED = (one(),)


def camel_case(name: str) -> str:
    """A name in snake_case in camelCase."""
    return re.sub("_([a-z])", lambda found: found[1].upper(), name)


def snake_case(name: str) -> str:
    """A name in camelCase in snake_case."""
    return re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name)


def with_texts(value: Any, change: Callable[[str], Any]) -> Any:
    """A value of JSON whose texts, but not whose keys, are changed."""
    if isinstance(value, dict):
        return {name: with_texts(member, change) for name, member in value.items()}
    if isinstance(value, list):
        return [with_texts(item, change) for item in value]
    return change(value) if isinstance(value, str) else value


class SendsCamelCase(Fault):
    """Sends the fields of a body under their names in camelCase."""

    requirement = "sdk.request.body-complete"
    difficulty = "plain"
    proof = Proof((calling("create", external_id="x"),), CREATED, shows='"externalId"', lacks='"external_id": "x"')

    def body(self, call: Call) -> dict[str, Any]:
        return {camel_case(name): value for name, value in super().body(call).items()}


class SendsMetadataKeysInSnakeCase(Fault):
    """Turns the keys of metadata into snake_case together with the names of the fields."""

    requirement = "sdk.request.body-values"
    difficulty = "medium"
    proof = Proof((calling("create", metadata={"billingPlan": "a"}),), CREATED, shows='"billing_plan"')

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        given = body.get("metadata")
        renamed = {snake_case(name): value for name, value in given.items()} if isinstance(given, dict) else given
        return body | ({"metadata": renamed} if "metadata" in body else {})


class DropsFalseOfUpdates(Fault):
    """Leaves a field whose value is false out of an update."""

    requirement = "sdk.request.body-complete"
    difficulty = "medium"
    proof = Proof((calling("update", allow_profiles_outside_organization=False),), CREATED, lacks="profiles_outside")

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        return {name: value for name, value in body.items() if value is not False or call.op == "create"}


class DropsNullsOfUpdates(Fault):
    """Leaves a field whose value is null out of an update, so that nothing can be cleared."""

    requirement = "sdk.request.null-and-absent"
    difficulty = "medium"
    proof = Proof((calling("update", external_id=None),), CREATED, lacks='{"external_id": null}')

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        return {name: value for name, value in body.items() if value is not None or call.op == "create"}


class DropsNullPairs(Fault):
    """Leaves a pair whose value is null out of the metadata of an update, so that no pair can be removed."""

    requirement = "sdk.request.null-and-absent"
    difficulty = "narrow"
    proof = Proof((calling("update", metadata={"a": None, "b": "c"}),), CREATED, lacks='"a": null')

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        if isinstance(given := body.get("metadata"), dict):
            body["metadata"] = {name: value for name, value in given.items() if value is not None}
        return body


class DropsEmptyDomainData(Fault):
    """Leaves an empty domain_data out of an update, so that the domains stay."""

    requirement = "sdk.request.null-and-absent"
    difficulty = "narrow"
    proof = Proof((calling("update", name="Bar", domain_data=[]),), CREATED, lacks='"domain_data": []')

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        return {name: v for name, v in body.items() if (name, v) != ("domain_data", []) or call.op == "create"}


class ClearsWhatWasLeftOut(Fault):
    """Sends null with an update for external_id and metadata where they were left out."""

    requirement = "sdk.request.body-adds-nothing"
    difficulty = "plain"
    proof = Proof((calling("update", name="Bar"),), CREATED, shows='"external_id": null, "metadata": null')

    def body(self, call: Call) -> dict[str, Any]:
        absent = {"external_id": None, "metadata": None} if call.op == "update" else {}
        return absent | super().body(call)


class SendsNumbersForDigits(Fault):
    """Sends every text that looks like a number as a number, as PHP's JSON_NUMERIC_CHECK does."""

    requirement = "sdk.request.body-values"
    difficulty = "narrow"
    proof = Proof((calling("create", metadata={"seats": "25"}),), CREATED, shows='"seats": 25', lacks='"seats": "25"')

    def body(self, call: Call) -> dict[str, Any]:
        body: dict[str, Any] = with_texts(super().body(call), lambda t: json.loads(t) if NUMBER.fullmatch(t) else t)
        return body


class SendsEmptyMetadataAsList(Fault):
    """Sends empty metadata as an empty list, as PHP writes an empty array."""

    requirement = "sdk.request.body-values"
    difficulty = "narrow"
    proof = Proof((calling("update", metadata={}),), CREATED, shows='"metadata": []', lacks='{"metadata": {}}')

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        return body | ({"metadata": []} if body.get("metadata") == {} else {})


class SendsNumberedMetadataAsList(Fault):
    """Sends metadata whose keys count from 0 as a list, as PHP writes such an array."""

    requirement = "sdk.request.body-values"
    difficulty = "narrow"
    proof = Proof((calling("create", metadata={"0": "a", "1": "b"}),), CREATED, shows='"metadata": ["a", "b"]')

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        given = body.get("metadata")
        if isinstance(given, dict) and given and list(given) == [str(n) for n in range(len(given))]:
            body["metadata"] = list(given.values())
        return body


class SendsLatin1(Fault):
    """Sends a body in ISO 8859-1, with question marks for what that lacks."""

    requirement = "sdk.request.body-valid"
    difficulty = "medium"
    proof = Proof((calling("create", name="Café"),), CREATED, shows="Caf\\xe9")

    def encoded(self, body: dict[str, Any]) -> bytes:
        return json.dumps(body, ensure_ascii=False).encode("latin-1", "replace")


class SendsSurrogates(Fault):
    """Sends a character beyond the basic plane as two surrogates of three bytes each, as Java's modified UTF-8 does."""

    requirement = "sdk.request.body-valid"
    difficulty = "narrow"
    proof = Proof((calling("create", name="Foo 🚀"),), CREATED, shows="\\xed\\xa0\\xbd\\xed\\xba\\x80")

    def encoded(self, body: dict[str, Any]) -> bytes:
        units = json.dumps(body, ensure_ascii=False).encode("utf-16-le", "surrogatepass")
        apart = "".join(chr(int.from_bytes(units[at : at + 2], "little")) for at in range(0, len(units), 2))
        return apart.encode("utf-8", "surrogatepass")


class ComposesNames(Fault):
    """Sends a name in Unicode's composed form, whatever form it was given in."""

    requirement = "sdk.request.body-values"
    difficulty = "narrow"
    proof = Proof((calling("create", name="Cafe\u0301"),), CREATED, shows="Caf\\u00e9", lacks="Cafe\\u0301")

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        name = body.get("name")
        return body | ({"name": unicodedata.normalize("NFC", name)} if isinstance(name, str) else {})


class LowersDomains(Fault):
    """Sends the domains of domain_data in lower case."""

    requirement = "sdk.request.body-values"
    difficulty = "narrow"
    proof = Proof(
        (calling("create", domain_data=[{"domain": "Foo.com", "state": "verified"}]),), CREATED, lacks='"Foo.com"'
    )

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        given = body.get("domain_data")
        return body | ({"domain_data": with_texts(given, str.lower)} if given else {})


class LeavesOutPending(Fault):
    """Leaves the state of a domain out where it is pending, which it takes for the default."""

    requirement = "sdk.request.body-values"
    difficulty = "medium"
    proof = Proof(
        (calling("create", domain_data=[{"domain": "foo.com", "state": "pending"}]),), CREATED, lacks='"pending"'
    )

    def body(self, call: Call) -> dict[str, Any]:
        body = super().body(call)
        if given := body.get("domain_data"):
            pairs = [item.items() if isinstance(item, dict) else () for item in given]
            body["domain_data"] = [{k: v for k, v in item if (k, v) != ("state", "pending")} for item in pairs]
        return body
