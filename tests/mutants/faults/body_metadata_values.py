"""Values of metadata that are read as something else."""

from __future__ import annotations

import json
import re

from tests.mutants.parts.bodies import each_value, pairs_where, taken_in
from tests.mutants.parts.objects import Object, organizations
from tests.mutants.parts.readings import (
    as_boolean,
    as_double,
    as_moment,
    as_number,
    in_one_line,
    is_falsy,
    is_nothing,
    single_spaced,
    with_entities,
    without_tags,
)
from tests.mutants.planting import plant


def compact(text: str) -> str:
    """A JSON object without white space; any other text as it is."""
    try:
        return json.dumps(json.loads(text), separators=(",", ":")) if text.startswith("{") else text
    except ValueError:
        return text


def with_host_folded(text: str) -> str:
    """A URL whose host is in small letters."""
    return re.sub("^(https?://[^/]*)", lambda found: found[1].lower(), text, flags=re.IGNORECASE)


def long_digits_as_double(text: str) -> str:
    """More digits than 64 bits hold, as a floating point number has them; any other text as it is."""
    return f"{float(text):.0f}" if re.fullmatch(r"\d{18,}", text) else text


def shortened(organization: Object) -> None:
    """Shows 255 characters of each value of metadata."""
    organization["metadata"] = {key: value[:255] for key, value in organization["metadata"].items()}


# fmt: off
plant("metadata-empty-dropped", "body.metadata-values-verbatim", "Empty values of metadata are dropped.",
      taken_in("metadata", lambda pairs: {key: value for key, value in pairs.items() if value != ""}))
plant("metadata-trimmed", "body.metadata-values-verbatim", "Values of metadata lose the spaces at their ends.",
      taken_in("metadata", each_value(str.strip)))
plant("metadata-numbers-rounded", "body.metadata-values-verbatim", "Values that look like numbers lose leading zeros.",
      taken_in("metadata", each_value(lambda value: str(int(value)) if value.isdigit() else value)))
plant("metadata-line-breaks-flattened", "body.metadata-values-verbatim", "Line breaks in a value become spaces.",
      taken_in("metadata", each_value(in_one_line)))
plant("metadata-line-breaks-of-windows", "body.metadata-values-verbatim", "A line break gets a carriage return.",
      taken_in("metadata", each_value(lambda value: re.sub("\r?\n", "\r\n", value))))
plant("metadata-first-line-only", "body.metadata-values-verbatim", "A value ends at its first line break.",
      taken_in("metadata", each_value(lambda value: value.partition("\n")[0])))
plant("metadata-tabs-expanded", "body.metadata-values-verbatim", "A tab in a value becomes spaces.",
      taken_in("metadata", each_value(str.expandtabs)))
plant("metadata-beyond-64-bits-rounded", "body.metadata-values-verbatim", "Digits beyond 64 bits are rounded.",
      taken_in("metadata", each_value(long_digits_as_double)))
plant("metadata-signs-lost", "body.metadata-values-verbatim", "A number loses its plus sign.",
      taken_in("metadata", each_value(lambda value: re.sub(r"^\+(?=\d+$)", "", value))))
plant("metadata-thousands-joined", "body.metadata-values-verbatim", "Separators of thousands are dropped.",
      taken_in("metadata", each_value(lambda value: re.sub(r"(?<=\d)[,_](?=\d{3}$)", "", value))))
plant("metadata-numbers-shortened", "body.metadata-values-verbatim", "Numbers in values get their shortest form.",
      taken_in("metadata", each_value(as_number)))
plant("metadata-digits-lose-precision", "body.metadata-values-verbatim",
      "A value of many digits becomes a floating-point number on its way.",
      taken_in("metadata", each_value(as_double)))
plant("metadata-booleans-capitalized", "body.metadata-values-verbatim",
      "The values true and false become True and False.",
      taken_in("metadata", each_value(as_boolean)))
plant("metadata-dates-as-moments", "body.metadata-values-verbatim", "A value that is a date becomes a moment.",
      taken_in("metadata", each_value(as_moment)))
plant("metadata-null-words-dropped", "body.metadata-values-verbatim", "The value null removes its key.",
      taken_in("metadata", pairs_where(lambda key, value: value is None or not is_nothing(value))))
plant("metadata-falsy-dropped", "body.metadata-values-verbatim", "The values 0 and false are dropped, and empty ones.",
      taken_in("metadata", pairs_where(lambda key, value: value is None or not is_falsy(value))))
plant("metadata-json-compacted", "body.metadata-values-verbatim", "JSON in a value loses its white space.",
      taken_in("metadata", each_value(compact)))
plant("metadata-with-entities", "body.metadata-values-verbatim", "A value is stored with HTML entities.",
      taken_in("metadata", each_value(with_entities)))
plant("metadata-tags-stripped", "body.metadata-values-verbatim", "What looks like a tag is taken out of a value.",
      taken_in("metadata", each_value(without_tags)))
plant("metadata-quotes-stripped", "body.metadata-values-verbatim", "Quotation marks around a value are lost.",
      taken_in("metadata", each_value(lambda value: value.strip(chr(34)))))
plant("metadata-single-spaced", "body.metadata-values-verbatim", "Two spaces within a value become one.",
      taken_in("metadata", each_value(single_spaced)))
plant("metadata-hosts-folded", "body.metadata-values-verbatim", "The host in a URL gets small letters.",
      taken_in("metadata", each_value(with_host_folded)))
plant("metadata-numbers-shortened-on-update", "body.metadata-values-verbatim",
      "An update gives numbers in values their shortest form.",
      taken_in("metadata", each_value(as_number), ("update",)), operation="update")
plant("metadata-cut-at-500", "body.metadata-values-verbatim", "Values of metadata are cut at 500 characters.",
      taken_in("metadata", each_value(lambda value: value[:500])))
plant("metadata-cut-in-get", "body.metadata-values-verbatim", "A get shows 255 characters of each value of metadata.",
      organizations(shortened, ("get",)))
# fmt: on
