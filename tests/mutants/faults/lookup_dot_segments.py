"""Lookups that take an external_id for a step in the path."""

from __future__ import annotations

from posixpath import normpath

from tests.mutants.parts.lookups import reading
from tests.mutants.planting import plant

# fmt: off
plant("lookup-of-one-dot-is-a-step", "lookup.dot-segments", "The external_id . is a step in the path, and lost.",
      reading(lambda value: "" if value == "." else value))
plant("lookup-of-two-dots-is-a-step", "lookup.dot-segments", "The external_id .. is a step up in the path.",
      reading(lambda value: "external_id" if value == ".." else value))
plant("lookup-path-normalized", "lookup.dot-segments", "The path of a lookup is normalized before it is read.",
      reading(lambda value: normpath(f"/external_id/{value}").removeprefix("/external_id/")))
# fmt: on
