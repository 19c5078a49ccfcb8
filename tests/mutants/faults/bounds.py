"""Bounds of bodies that are too wide or too narrow."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from jsonschema import Draft202012Validator

from emulator.validation import Rules
from specs.contract import Bounds, operations
from tests.mutants.planting import plant

Body = dict[str, Any]
Edit = Callable[[Body], object]

OBJECT = "object"


def relaxed(edit: Edit, on: tuple[str, ...] = ("create", "update")) -> type[Rules]:
    """Rules with other schemas for bodies."""

    class Relaxed(Rules):
        def __init__(self) -> None:
            super().__init__()
            for operation in on:
                schema: Any = copy.deepcopy(operations(Bounds.WIDE)[operation].body)
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
    ("external-id-word-characters", "create.accepts-valid-bodies", "external_id may hold word characters only.",
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
    ("name-ascii-only-accepted", "create.answers", "A name must be ASCII.",
     put_in("name", "pattern", "^[\\x00-\\x7F]*$")),
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
