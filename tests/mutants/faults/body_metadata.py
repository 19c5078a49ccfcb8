"""Broken metadata that are accepted, cut or converted, or refused without their code."""

from __future__ import annotations

import json
from typing import Any

from emulator.refusals import InvalidMetadata, Refusal
from tests.mutants.parts.bodies import converted, dropped, keyword, relaxed, when, without_keywords
from tests.mutants.parts.failures import fail, fail_when
from tests.mutants.parts.objects import Object, Refusing
from tests.mutants.planting import mutant, plant


def cut_pairs(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata cut to their bounds."""
    return {key[:40]: value[:600] if isinstance(value, str) else value for key, value in list(metadata.items())[:50]}


def text_values(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata whose values are texts, whatever they were."""
    return {key: value if isinstance(value, str | None) else json.dumps(value) for key, value in metadata.items()}


def fail_when_list(value: object) -> None:
    """Fails for any array."""
    fail()


def fail_when_nested(metadata: dict[str, Any]) -> dict[str, Any]:
    """Fails for an object within the object."""
    fail_when(any(isinstance(value, dict) for value in metadata.values()))
    return metadata


# fmt: off
plant("metadata-values-to-text", "body.metadata-type", "Any value of metadata will do, and becomes text.",
      converted(when("metadata", dict, text_values)))
plant("metadata-of-other-type-ignored", "body.metadata-type", "Metadata that are no object are ignored.",
      converted(dropped("metadata", lambda value: isinstance(value, dict | None))))
plant("metadata-array-is-empty", "body.metadata-type", "An empty array will do for metadata.",
      converted(when("metadata", list, lambda value: value or {})))
plant("metadata-text-is-empty", "body.metadata-type", "An empty text will do for metadata.",
      converted(when("metadata", str, lambda value: value or {})))
plant("metadata-array-fails", "body.metadata-type", "An array in the place of metadata makes the server fail.",
      converted(when("metadata", list, fail_when_list)))
plant("metadata-nested-fails", "body.metadata-type", "An object as a value of metadata makes the server fail.",
      converted(when("metadata", dict, fail_when_nested)))

plant("metadata-51", "body.metadata-too-many", "51 pairs of metadata are accepted.",
      relaxed(keyword("metadata", "maxProperties", 51)))
plant("metadata-any-number", "body.metadata-too-many", "Any number of pairs is accepted.",
      relaxed(without_keywords("metadata", "maxProperties")))
plant("metadata-cut", "body.metadata-too-many", "Metadata are cut to their bounds.",
      converted(when("metadata", dict, cut_pairs)))

plant("metadata-key-41", "body.metadata-long-key", "A key may have 41 characters.",
      relaxed(keyword("metadata", "propertyNames", {"maxLength": 41})))
plant("metadata-key-any-length", "body.metadata-long-key", "A key may be of any length.",
      relaxed(without_keywords("metadata", "propertyNames")))
plant("create-key-41", "body.metadata-long-key", "A create takes a key of 41 characters.",
      relaxed(keyword("metadata", "propertyNames", {"maxLength": 41}), ("create",)), operation="create")
plant("metadata-long-keys-cut", "body.metadata-long-key", "Long keys of metadata are cut.",
      converted(when("metadata", dict, cut_pairs)))

plant("metadata-value-601", "body.metadata-long-value", "A value may have 601 characters.",
      relaxed(keyword("metadata", "additionalProperties", {"type": ["string", "null"], "maxLength": 601})))
plant("metadata-value-any-length", "body.metadata-long-value", "A value may be of any length.",
      relaxed(keyword("metadata", "additionalProperties", {"type": ["string", "null"]})))
plant("update-value-601", "body.metadata-long-value", "An update takes a value of 601 characters.",
      relaxed(keyword("metadata", "additionalProperties", {"type": ["string", "null"], "maxLength": 601}), ("update",)),
      operation="update")
plant("metadata-long-values-cut", "body.metadata-long-value", "Long values of metadata are cut.",
      converted(when("metadata", dict, cut_pairs)))
# fmt: on


@mutant("metadata-without-code", "body.metadata-too-many")
class MetadataWithoutCode(Refusing):
    """The refusal of bad metadata has a code that says nothing."""

    def instead(self, refusal: Refusal) -> Object:
        return {"code": "invalid_request_parameters"} if isinstance(refusal, InvalidMetadata) else {}
