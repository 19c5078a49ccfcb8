"""Lookups that misread the path."""

from __future__ import annotations

from urllib.parse import quote, unquote

from starlette.responses import Response

from emulator.api import Api, Call
from tests.mutants.parts.bodies import keyword, relaxed, taken_in
from tests.mutants.planting import mutant, plant


class Path(Api):
    """An API that reads paths in a way of its own."""

    def lookup(self, call: Call) -> Response:
        return self.responses.found(self.known_outside(self.read(call.path["external_id"])))

    def read(self, external_id: str) -> str:
        return external_id


# fmt: off
plant("external-id-no-slash", "lookup.percent-encoded", "external_id may hold no slash.",
      relaxed(keyword("external_id", "pattern", "^[^/]+$")))
plant("external-id-trimmed", "lookup.percent-encoded", "external_id loses the spaces at its ends.",
      taken_in("external_id", str.strip), occasion="create.accepts-valid-bodies")
# fmt: on


@mutant("decoded-twice", "lookup.percent-encoded")
class DecodedTwice(Path):
    """The path of a lookup is decoded twice."""

    def read(self, external_id: str) -> str:
        return unquote(external_id)


@mutant("not-decoded", "lookup.percent-encoded")
class NotDecoded(Path):
    """The path of a lookup is not decoded."""

    def read(self, external_id: str) -> str:
        return quote(external_id, safe="")


@mutant("plus-is-space", "lookup.percent-encoded")
class PlusIsSpace(Path):
    """A plus in the path of a lookup is a space."""

    def read(self, external_id: str) -> str:
        return external_id.replace("+", " ")


@mutant("slash-ends-it", "lookup.percent-encoded")
class SlashEndsIt(Path):
    """An external_id is looked up as far as its first slash."""

    def read(self, external_id: str) -> str:
        return external_id.partition("/")[0]


@mutant("question-mark-ends-it", "lookup.percent-encoded")
class QuestionMarkEndsIt(Path):
    """An external_id is looked up as far as its first question mark."""

    def read(self, external_id: str) -> str:
        return external_id.partition("?")[0]


@mutant("hash-ends-it", "lookup.percent-encoded")
class HashEndsIt(Path):
    """An external_id is looked up as far as its first number sign."""

    def read(self, external_id: str) -> str:
        return external_id.partition("#")[0]


@mutant("semicolon-ends-it", "lookup.percent-encoded")
class SemicolonEndsIt(Path):
    """An external_id is looked up as far as its first semicolon."""

    def read(self, external_id: str) -> str:
        return external_id.partition(";")[0]


@mutant("dots-are-steps", "lookup.percent-encoded")
class DotsAreSteps(Path):
    """Two dots in the path of a lookup are a step up."""

    def read(self, external_id: str) -> str:
        return external_id.rpartition("../")[2]
