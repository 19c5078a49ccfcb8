"""external_ids that are read as something else; broken ones that are accepted, cut or converted."""

from __future__ import annotations

import json

from tests.mutants.parts.bodies import converted, keyword, relaxed, taken_in, when, without_keywords
from tests.mutants.parts.readings import (
    UUID,
    as_boolean,
    as_double,
    as_hexadecimal,
    as_integer,
    as_moment,
    as_number,
    as_uuid,
    is_falsy,
    is_nothing,
    with_entities,
    without_backslashes,
)
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

plant("external-id-of-digits-loses-zeros", "body.external-id-verbatim", "An external_id of digits loses leading zeros.",
      taken_in("external_id", as_integer))
plant("external-id-of-digits-loses-precision", "body.external-id-verbatim",
      "An external_id of many digits becomes a floating-point number on its way.",
      taken_in("external_id", as_double))
plant("external-id-number-shortened", "body.external-id-verbatim",
      "An external_id that is a number is stored in its shortest form.",
      taken_in("external_id", as_number))
plant("external-id-hexadecimal-read", "body.external-id-verbatim", "An external_id like 0x1F is stored as 31.",
      taken_in("external_id", as_hexadecimal))
plant("external-id-zero-is-nothing", "body.external-id-verbatim", "The external_id 0 counts as none.",
      taken_in("external_id", lambda value: None if is_falsy(value) else value))
plant("external-id-null-word-is-null", "body.external-id-verbatim", "The external_id null counts as none.",
      taken_in("external_id", lambda value: None if is_nothing(value) else value))
plant("external-id-boolean-capitalized", "body.external-id-verbatim", "The external_id true becomes True.",
      taken_in("external_id", as_boolean))
plant("external-id-date-as-moment", "body.external-id-verbatim", "An external_id that is a date becomes a moment.",
      taken_in("external_id", as_moment))
plant("external-id-uuid-canonical", "body.external-id-verbatim", "An external_id that is a UUID gets small letters.",
      taken_in("external_id", as_uuid))
plant("external-id-uuid-without-dashes", "body.external-id-verbatim", "An external_id that is a UUID loses its dashes.",
      taken_in("external_id", lambda value: value.replace("-", "") if UUID.fullmatch(value) else value))
plant("external-id-plus-lost", "body.external-id-verbatim", "A plus at the beginning of an external_id is lost.",
      taken_in("external_id", lambda value: value.removeprefix("+")))
plant("external-id-with-entities", "body.external-id-verbatim", "An external_id is stored with HTML entities.",
      taken_in("external_id", with_entities))
plant("external-id-backslashes-stripped", "body.external-id-verbatim", "An external_id loses one level of backslashes.",
      taken_in("external_id", without_backslashes))
plant("external-id-of-digits-loses-zeros-on-update", "body.external-id-verbatim",
      "An update takes leading zeros off an external_id of digits.",
      taken_in("external_id", as_integer, ("update",)), operation="update")
plant("external-id-trimmed", "body.external-id-verbatim", "external_id loses the spaces at its ends.",
      taken_in("external_id", str.strip))
# fmt: on
