"""Broken external_ids in bodies that are accepted, cut or converted."""

from __future__ import annotations

import json

from tests.mutants.parts.bodies import converted, keyword, relaxed, when, without_keywords
from tests.mutants.parts.replies import replies, to_status
from tests.mutants.planting import plant

# fmt: off
plant("external-id-from-number", "body.external-id-type", "A number will do for external_id.",
      converted(when("external_id", (int, float), str)))
plant("external-id-from-anything", "body.external-id-type", "Anything will do for external_id.",
      converted(when("external_id", (int, list, dict), json.dumps)))
plant("update-200-for-422", "body.external-id-type", "update answers 200 in the place of 422.",
      replies(to_status(200), 422, "update"), operation="update")
plant("update-400-for-422", "body.external-id-type", "update answers 400 in the place of 422.",
      replies(to_status(400), 422, "update"), operation="update")
plant("update-409-for-422", "body.external-id-type", "update answers 409 in the place of 422.",
      replies(to_status(409), 422, "update"), operation="update")
plant("update-500-for-422", "body.external-id-type", "update answers 500 in the place of 422.",
      replies(to_status(500), 422, "update"), operation="update")

plant("external-id-any-length", "body.external-id-too-long", "external_id may be of any length.",
      relaxed(without_keywords("external_id", "maxLength")))
plant("external-id-129", "body.external-id-too-long", "external_id may have 129 characters.",
      relaxed(keyword("external_id", "maxLength", 129)))
plant("external-id-255", "body.external-id-too-long", "external_id may have 255 characters.",
      relaxed(keyword("external_id", "maxLength", 255)))
plant("update-external-id-129", "body.external-id-too-long", "An update takes an external_id of 129 characters.",
      relaxed(keyword("external_id", "maxLength", 129), ("update",)), operation="update")
plant("external-id-cut", "body.external-id-too-long", "external_id is cut at 128 characters.",
      converted(when("external_id", str, lambda value: value[:128])))

plant("external-id-any-characters", "body.external-id-characters", "external_id may hold any characters, or none.",
      relaxed(without_keywords("external_id", "pattern")))
plant("external-id-latin", "body.external-id-characters", "external_id may hold Latin-1.",
      relaxed(keyword("external_id", "pattern", "^[\\x00-\\xFF]+$")))
plant("external-id-maybe-empty", "body.external-id-characters", "external_id may be empty.",
      relaxed(keyword("external_id", "pattern", "^[\\x00-\\x7F]*$")))
plant("external-id-stripped-of-others", "body.external-id-characters", "What is not ASCII in external_id is dropped.",
      converted(when("external_id", str, lambda value: value.encode("ascii", "ignore").decode() or "x")))
plant("external-id-empty-is-null", "body.external-id-characters", "An empty external_id counts as null.",
      converted(when("external_id", str, lambda value: value or None)))
# fmt: on
