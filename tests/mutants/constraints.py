"""Constraints that are not enforced, or enforced by changing what was sent."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from jsonschema import Draft202012Validator

from emulator.refusals import Fault, InvalidMetadata, InvalidParameters
from emulator.validation import MOST_BYTES, Rules
from specs.contract import Bounds, operations
from tests.mutants.planting import mutant, plant

Body = dict[str, Any]
Edit = Callable[[Body], object]

OBJECT = "object"


def relaxed(edit: Edit, on: tuple[str, ...] = ("create", "update")) -> type[Rules]:
    """Rules with other schemas for bodies."""

    class Relaxed(Rules):
        def __init__(self) -> None:
            super().__init__()
            for operation in on:
                schema = copy.deepcopy(operations(Bounds.WIDE)[operation].body)
                edit(schema)
                setattr(self, f"_{operation}", Draft202012Validator(schema))

    return Relaxed


def field(name: str, *keywords: str) -> Edit:
    """Takes keywords of a field away."""

    def edit(schema: Body) -> None:
        for keyword in keywords:
            schema["properties"].get(name, {}).pop(keyword, None)

    return edit


def item(*keywords: str) -> Edit:
    """Takes keywords of an item of domain_data away."""

    def edit(schema: Body) -> None:
        for keyword in keywords:
            schema["properties"]["domain_data"]["items"].pop(keyword)

    return edit


def put_in(name: str, keyword: str, value: object) -> Edit:
    """Gives a field another bound."""
    return lambda schema: schema["properties"][name].update({keyword: value})


def state(change: object) -> Edit:
    """Gives the state in domain_data another enumeration."""

    def edit(schema: Body) -> None:
        schema["properties"]["domain_data"]["items"]["properties"]["state"]["enum"] = change

    return edit


STATES = ["pending", "verified"]

for name, requirement, fault, edit in (
    ("external-id-any-length", "body.external-id-too-long", "external_id may be of any length.",
     field("external_id", "maxLength")),
    ("external-id-129", "body.external-id-too-long", "external_id may have 129 characters.",
     put_in("external_id", "maxLength", 129)),
    ("external-id-255", "body.external-id-too-long", "external_id may have 255 characters.",
     put_in("external_id", "maxLength", 255)),
    ("external-id-63", "create.accepts-valid-bodies", "external_id may have 63 characters only.",
     put_in("external_id", "maxLength", 63)),
    ("external-id-any-characters", "body.external-id-characters", "external_id may hold any characters, or none.",
     field("external_id", "pattern")),
    ("external-id-latin", "body.external-id-characters", "external_id may hold Latin-1.",
     put_in("external_id", "pattern", "^[\\x00-\\xFF]+$")),
    ("external-id-maybe-empty", "body.external-id-characters", "external_id may be empty.",
     put_in("external_id", "pattern", "^[\\x00-\\x7F]*$")),
    ("external-id-word-characters", "create.accepts-valid-bodies", "external_id may hold letters, digits, - and _ only.",
     put_in("external_id", "pattern", "^[\\w-]+$")),
    ("external-id-no-space", "create.accepts-valid-bodies", "external_id may hold no space.",
     put_in("external_id", "pattern", "^[\\x21-\\x7E]+$")),
    ("external-id-no-slash", "lookup.percent-encoded", "external_id may hold no slash.",
     put_in("external_id", "pattern", "^[^/]+$")),
    ("external-id-two-at-least", "create.accepts-valid-bodies", "external_id must have two characters.",
     put_in("external_id", "minLength", 2)),
    ("metadata-51", "body.metadata-too-many", "51 pairs of metadata are accepted.",
     put_in("metadata", "maxProperties", 51)),
    ("metadata-any-number", "body.metadata-too-many", "Any number of pairs is accepted.",
     field("metadata", "maxProperties")),
    ("metadata-nine", "create.accepts-valid-bodies", "Only nine pairs are accepted.",
     put_in("metadata", "maxProperties", 9)),
    ("metadata-10-strict", "create.accepts-documented-bounds", "Only ten pairs are accepted.",
     put_in("metadata", "maxProperties", 10)),
    ("metadata-key-41", "body.metadata-long-key", "A key may have 41 characters.",
     put_in("metadata", "propertyNames", {"maxLength": 41})),
    ("metadata-key-any", "body.metadata-long-key", "A key may be of any length.", field("metadata", "propertyNames")),
    ("metadata-key-39", "create.accepts-valid-bodies", "A key may have 39 characters only.",
     put_in("metadata", "propertyNames", {"maxLength": 39})),
    ("metadata-key-words", "create.accepts-valid-bodies", "A key may hold word characters only.",
     put_in("metadata", "propertyNames", {"maxLength": 40, "pattern": "^\\w*$"})),
    ("metadata-value-601", "body.metadata-long-value", "A value may have 601 characters.",
     put_in("metadata", "additionalProperties", {"type": ["string", "null"], "maxLength": 601})),
    ("metadata-value-any-length", "body.metadata-long-value", "A value may be of any length.",
     put_in("metadata", "additionalProperties", {"type": ["string", "null"]})),
    ("metadata-value-599", "create.accepts-valid-bodies", "A value may have 599 characters only.",
     put_in("metadata", "additionalProperties", {"type": "string", "maxLength": 599})),
    ("metadata-value-not-empty", "create.accepts-valid-bodies", "A value may not be empty.",
     put_in("metadata", "additionalProperties", {"type": "string", "maxLength": 600, "minLength": 1})),
    ("metadata-may-not-be-null", "create.accepts-valid-bodies", "Metadata may not be null.",
     put_in("metadata", "type", OBJECT)),
    ("external-id-may-not-be-null", "update.clears-external-id", "external_id may not be null.",
     put_in("external_id", "type", "string")),
    ("states-unchecked", "body.domain-data-state", "Any text will do for a state.",
     state(["pending", "verified", "failed", "legacy_verified", "unverified", "text", "", "PENDING", "Verified"])),
    ("states-of-answers", "body.domain-data-state", "Every state that an answer can show may be sent.",
     state([*STATES, "failed", "legacy_verified", "unverified"])),
    ("verified-refused", "create.accepts-valid-bodies", "The state verified is refused.", state(["pending"])),
    ("domain-data-incomplete", "body.domain-data-incomplete", "An item of domain_data is refused only without domain.",
     lambda schema: schema["properties"]["domain_data"]["items"].update(
         {"required": ["domain"], "properties": {"domain": {"type": "string"}, "state": {"enum": STATES}}})),
    ("domain-data-may-be-one", "create.accepts-valid-bodies", "domain_data may hold one domain only.",
     put_in("domain_data", "maxItems", 1)),
    ("domain-data-not-empty", "create.accepts-valid-bodies", "domain_data may not be empty.",
     put_in("domain_data", "minItems", 1)),
    ("name-cannot-be-long", "create.accepts-valid-bodies", "A name may have 100 characters only.",
     put_in("name", "maxLength", 100)),
    ("name-ascii-only-accepted", "create.answers", "A name must be ASCII.", put_in("name", "pattern", "^[\\x00-\\x7F]*$")),
    ("name-three-at-least", "create.accepts-valid-bodies", "A name must have twenty characters.",
     put_in("name", "minLength", 20)),
    ("both-kinds-of-domains-refused", "create.accepts-valid-bodies", "domains and domain_data together are refused.",
     lambda schema: schema.update({"not": {"required": ["domains", "domain_data"]}})),
):  # fmt: skip
    plant(name, requirement, fault, relaxed(edit),
          weak="the sources disagree" if requirement.endswith("documented-bounds") else "")  # fmt: skip

for name, requirement, fault, edit, operation in (
    ("update-external-id-129", "body.external-id-too-long", "An update takes an external_id of 129 characters.",
     put_in("external_id", "maxLength", 129), "update"),
    ("update-metadata-51", "body.metadata-too-many", "An update takes 51 pairs of metadata.",
     put_in("metadata", "maxProperties", 51), "update"),
    ("update-value-601", "body.metadata-long-value", "An update takes a value of 601 characters.",
     put_in("metadata", "additionalProperties", {"type": ["string", "null"], "maxLength": 601}), "update"),
    ("create-key-41", "body.metadata-long-key", "A create takes a key of 41 characters.",
     put_in("metadata", "propertyNames", {"maxLength": 41}), "create"),
    ("update-name-required", "update.accepts-valid-bodies", "An update needs a name.",
     lambda schema: schema.update({"required": ["name"]}), "update"),
    ("update-needs-a-field", "update.empty", "An update needs at least one field.",
     lambda schema: schema.update({"minProperties": 1}), "update"),
    ("create-needs-domains", "create.answers", "A create needs domain_data.",
     lambda schema: schema.update({"required": ["name", "domain_data"]}), "create"),
    ("update-empty-metadata-refused", "update.metadata-empty", "An update refuses empty metadata.",
     put_in("metadata", "minProperties", 1), "update"),
):  # fmt: skip
    plant(name, requirement, fault, relaxed(edit, (operation,)), operation=operation)


# ---- Other types are taken, as they are or changed --------------------------------------------------


def converted(change: Callable[[Body], object], on: tuple[str, ...] = ("create", "update")) -> type[Rules]:
    """Rules that change what was sent before they look at it."""

    def read(rules: Rules, content: bytes) -> bytes:
        try:
            body = rules.parsed(content)
        except InvalidParameters:
            return content
        if isinstance(body, dict):
            change(body)
        return json.dumps(body, ensure_ascii=False).encode()

    class Converted(Rules):
        def create(self, content: bytes) -> Body:
            return super().create(read(self, content) if "create" in on else content)

        def update(self, content: bytes) -> Body:
            return super().update(read(self, content) if "update" in on else content)

    return Converted


def when(name: str, kinds: type | tuple[type, ...], function: Callable[[Any], object]) -> Callable[[Body], None]:
    """Changes a field whose value is of some type; True and False are no numbers."""

    def change(body: Body) -> None:
        value = body.get(name)
        if name in body and isinstance(value, kinds) and (kinds is bool or not isinstance(value, bool)):
            body[name] = function(value)

    return change


def dropped(name: str, fits: Callable[[Any], bool]) -> Callable[[Body], None]:
    """Drops a field that does not fit."""

    def change(body: Body) -> None:
        if name in body and not fits(body[name]):
            del body[name]

    return change


def is_list(kind: type) -> Callable[[Any], bool]:
    """Whether a value is an array of one type."""
    return lambda value: isinstance(value, list) and all(isinstance(each, kind) for each in value)


def cut_pairs(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata cut to their bounds."""
    return {
        key[:40]: value[:600] if isinstance(value, str) else value for key, value in list(metadata.items())[:50]
    }


def text_values(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata whose values are texts, whatever they were."""
    return {key: value if isinstance(value, str | None) else json.dumps(value) for key, value in metadata.items()}


for name, requirement, fault, change in (
    ("external-id-cut", "body.external-id-too-long", "external_id is cut at 128 characters.",
     when("external_id", str, lambda value: value[:128])),
    ("external-id-stripped-of-others", "body.external-id-characters", "What is not ASCII in external_id is dropped.",
     when("external_id", str, lambda value: value.encode("ascii", "ignore").decode() or "x")),
    ("external-id-empty-is-null", "body.external-id-characters", "An empty external_id counts as null.",
     when("external_id", str, lambda value: value or None)),
    ("external-id-from-number", "body.external-id-type", "A number will do for external_id.",
     when("external_id", (int, float), str)),
    ("external-id-from-anything", "body.external-id-type", "Anything will do for external_id.",
     when("external_id", (int, list, dict), json.dumps)),
    ("name-from-number", "body.name-type", "A number will do for a name.", when("name", (int, float), str)),
    ("name-from-null", "body.name-type", "null will do for a name.", when("name", type(None), str)),
    ("name-from-anything", "body.name-type", "Anything will do for a name.", when("name", (list, dict, bool), json.dumps)),
    ("name-by-default", "body.name-missing", "A name that is missing is made up.",
     lambda body: body.setdefault("name", "Unnamed")),
    ("metadata-cut", "body.metadata-too-many", "Metadata are cut to their bounds.", when("metadata", dict, cut_pairs)),
    ("metadata-long-values-cut", "body.metadata-long-value", "Long values of metadata are cut.",
     when("metadata", dict, cut_pairs)),
    ("metadata-long-keys-cut", "body.metadata-long-key", "Long keys of metadata are cut.",
     when("metadata", dict, cut_pairs)),
    ("metadata-values-to-text", "body.metadata-type", "Any value of metadata will do, and becomes text.",
     when("metadata", dict, text_values)),
    ("metadata-of-other-type-ignored", "body.metadata-type", "Metadata that are no object are ignored.",
     dropped("metadata", lambda value: isinstance(value, dict | None))),
    ("domains-from-text", "body.domains-type", "One text will do for domains.", when("domains", str, lambda value: [value])),
    ("domains-of-other-type-ignored", "body.domains-type", "domains that are no texts are ignored.",
     dropped("domains", is_list(str))),
    ("domain-data-of-other-type-ignored", "body.domain-data-type", "domain_data that are no objects are ignored.",
     dropped("domain_data", is_list(dict))),
    ("domain-data-from-one", "body.domain-data-type", "One object will do for domain_data.",
     when("domain_data", dict, lambda value: [{"domain": "one.example.com", "state": "pending"}])),
    ("allow-profiles-from-text", "body.allow-profiles-type", "A text will do for allow_profiles.",
     when("allow_profiles_outside_organization", str, bool)),
    ("allow-profiles-from-number", "body.allow-profiles-type", "A number will do for allow_profiles.",
     when("allow_profiles_outside_organization", (int, float), bool)),
    ("stripe-customer-null-ignored", "body.stripe-customer-id-type", "A stripe_customer_id of null is ignored.",
     dropped("stripe_customer_id", lambda value: value is not None)),
    ("stripe-customer-from-number", "body.stripe-customer-id-type", "A number will do for stripe_customer_id.",
     when("stripe_customer_id", (int, float), str)),
):  # fmt: skip
    plant(name, requirement, fault, converted(change))

plant("state-by-default", "body.domain-data-incomplete", "A state that is missing is pending.", converted(
    when("domain_data", list, lambda value: [
        {"state": "pending", **each} if isinstance(each, dict) else each for each in value])))  # fmt: skip
plant("update-null-name-ignored", "body.name-type", "An update ignores a name of null.",
      converted(dropped("name", lambda value: value is not None), ("update",)), operation="update")  # fmt: skip

# ---- Bodies as a whole ------------------------------------------------------------------------------


@mutant("body.malformed")
class AnythingIsAnObject(Rules):
    """A body that is no JSON counts as an empty object."""

    def parsed(self, content: bytes) -> Any:
        try:
            return super().parsed(content)
        except InvalidParameters:
            return {"name": "x"}


@mutant("body.malformed")
class AnyEncoding(Rules):
    """A body that is not UTF-8 is read as Latin-1."""

    def parsed(self, content: bytes) -> Any:
        try:
            content.decode()
        except UnicodeDecodeError:
            content = content.decode("latin-1").encode()
        return super().parsed(content)


@mutant("body.malformed")
class NoBodyIsEmpty(Rules):
    """No body at all counts as an empty object."""

    def update(self, content: bytes) -> Body:
        return super().update(content or b"{}")


@mutant("body.not-an-object")
class ArraysAreUnwrapped(Rules):
    """Of an array the first object is taken, or an empty one."""

    def parsed(self, content: bytes) -> Any:
        value = super().parsed(content)
        return {"name": "x"} if isinstance(value, list) else value


@mutant("body.not-an-object")
class NullIsEmpty(Rules):
    """null counts as an empty object."""

    def update(self, content: bytes) -> Body:
        return {} if content.strip() == b"null" else super().update(content)


@mutant("body.malformed")
class MalformedBreaksIt(Rules):
    """A body that is no JSON makes the server fail."""

    def parsed(self, content: bytes) -> Any:
        assert len(content) <= MOST_BYTES
        return json.loads(content)


@mutant("create.accepts-valid-bodies")
class UnicodeMetadataRefused(Rules):
    """Metadata with a space or a sign in a key are refused."""

    def create(self, content: bytes) -> Body:
        body = super().create(content)
        if any(not key.isalnum() for key in body.get("metadata") or ()):
            raise InvalidMetadata("metadata: a key must be of letters and digits.")
        return body


# ---- Queries ----------------------------------------------------------------------------------------


def query(name: str, schema: dict[str, Any]) -> type[Rules]:
    """Rules with another schema for a query parameter."""

    class Asked(Rules):
        def __init__(self) -> None:
            super().__init__()
            self._query[name] = Draft202012Validator(schema)

    return Asked


class Clamped(Rules):
    """Rules that make a limit fit."""

    def number(self, values: Any) -> int | str | None:
        number = super().number(values)
        return self.fitting(number)

    def fitting(self, number: int | str | None) -> int | str | None:
        return number


@mutant("list.limit-out-of-bounds")
class LimitAboveClamped(Clamped):
    """A limit above 100 counts as 100."""

    def fitting(self, number: int | str | None) -> int | str | None:
        return min(number, 100) if isinstance(number, int) else number


@mutant("list.limit-out-of-bounds")
class LimitBelowClamped(Clamped):
    """A limit below 1 counts as 1."""

    def fitting(self, number: int | str | None) -> int | str | None:
        return max(number, 1) if isinstance(number, int) else number


@mutant("list.limit-out-of-bounds")
class LimitZeroIsDefault(Clamped):
    """A limit of 0 counts as none."""

    def fitting(self, number: int | str | None) -> int | str | None:
        return number or None


@mutant("list.limit-type")
class LimitOfOtherTypeIgnored(Clamped):
    """A limit that is no number is ignored."""

    def fitting(self, number: int | str | None) -> int | str | None:
        return None if isinstance(number, str) else number


@mutant("list.limit-type")
class LimitReadLeniently(Clamped):
    """A limit is read as far as there are digits."""

    def fitting(self, number: int | str | None) -> int | str | None:
        digits = number.partition(".")[0] if isinstance(number, str) else ""
        return int(digits) if digits.isdigit() else 10 if isinstance(number, str) else number


plant("limit-101", "list.limit-out-of-bounds", "A limit of 101 is accepted.",
      query("limit", {"type": "integer", "minimum": 1, "maximum": 101}))  # fmt: skip
plant("limit-99", "list.limit", "A limit of 100 is refused.",
      query("limit", {"type": "integer", "minimum": 1, "maximum": 99}))  # fmt: skip
plant("limit-zero", "list.limit-out-of-bounds", "A limit of 0 is accepted.",
      query("limit", {"type": "integer", "minimum": 0, "maximum": 100}))  # fmt: skip
plant("normal-refused", "list.order", "The order normal is refused.", query("order", {"enum": ["asc", "desc"]}))
plant("order-in-capitals", "list.order-unknown", "DESC will do for desc.",
      query("order", {"enum": ["asc", "desc", "normal", "ASC", "DESC", "Asc", "Desc"]}))  # fmt: skip


@mutant("list.order-unknown")
class OrderUnchecked(Rules):
    """An order that is unknown counts as desc."""

    def check_query(self, given: Any) -> None:
        super().check_query({name: value for name, value in given.items() if name != "order"})


@mutant("list.accepts-valid-queries")
class SearchAndDomainsConflict(Rules):
    """search and domains together are refused."""

    def check_query(self, given: Any) -> None:
        super().check_query(given)
        if "search" in given and "domains" in given:
            raise InvalidParameters([Fault("conflicting", "search", "search cannot be combined with domains")])


@mutant("list.accepts-valid-queries")
class SearchTooShort(Rules):
    """A search of fewer than three characters is refused."""

    def check_query(self, given: Any) -> None:
        super().check_query(given)
        if 0 < len(given.get("search", "")) < 3:
            raise InvalidParameters([Fault("too_short", "search", "search must have three characters")])
