"""Lookups that misread the path."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from tests.mutants.parts.failures import fail
from tests.mutants.parts.lookups import reading
from tests.mutants.planting import plant


def fail_at_quotes(external_id: str) -> str:
    """Fails for a single quote."""
    return fail() if "'" in external_id else external_id


# fmt: off
plant("lookup-decoded-twice", "lookup.percent-encoded", "The path of a lookup is decoded twice.", reading(unquote))
plant("lookup-not-decoded", "lookup.percent-encoded", "The path of a lookup is not decoded.",
      reading(lambda value: quote(value, safe="")))
plant("lookup-plus-is-space", "lookup.percent-encoded", "A plus in the path of a lookup is a space.",
      reading(lambda value: value.replace("+", " ")))
plant("lookup-ends-at-slash", "lookup.percent-encoded", "An external_id is looked up as far as its first slash.",
      reading(lambda value: value.partition("/")[0]))
plant("lookup-ends-at-question-mark", "lookup.percent-encoded",
      "An external_id is looked up as far as its first question mark.",
      reading(lambda value: value.partition("?")[0]))
plant("lookup-ends-at-hash", "lookup.percent-encoded", "An external_id is looked up as far as its first number sign.",
      reading(lambda value: value.partition("#")[0]))
plant("lookup-ends-at-semicolon", "lookup.percent-encoded",
      "An external_id is looked up as far as its first semicolon.",
      reading(lambda value: value.partition(";")[0]))
plant("lookup-dots-are-steps", "lookup.percent-encoded", "Two dots in the path of a lookup are a step up.",
      reading(lambda value: value.rpartition("../")[2]))
plant("lookup-ends-at-colon", "lookup.percent-encoded", "An external_id is looked up as far as its first colon.",
      reading(lambda value: value.partition(":")[0]))
plant("lookup-loses-dots-at-the-end", "lookup.percent-encoded",
      "An external_id is looked up without the dots at its end.",
      reading(lambda value: value.rstrip(".")))
plant("lookup-merges-slashes", "lookup.percent-encoded", "Two slashes in the path of a lookup are one.",
      reading(lambda value: re.sub("/{2,}", "/", value)))
plant("lookup-loses-slash-at-the-end", "lookup.percent-encoded",
      "An external_id is looked up without the slash at its end.",
      reading(lambda value: value.removesuffix("/")))
plant("lookup-loses-format-at-the-end", "lookup.percent-encoded",
      "An external_id is looked up without .json or .xml at its end.",
      reading(lambda value: value.removesuffix(".json").removesuffix(".xml")))
plant("lookup-backslash-is-slash", "lookup.percent-encoded", "A backslash in the path of a lookup is a slash.",
      reading(lambda value: value.replace("\\", "/")))
plant("lookup-quote-fails", "lookup.percent-encoded",
      "A single quote in the path of a lookup makes the server fail.",
      reading(fail_at_quotes))
# fmt: on
