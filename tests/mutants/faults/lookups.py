"""Lookups and reads that find too much, too little, or what is no more."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, unquote

from starlette.responses import Response

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import Taken
from emulator.store import Store
from tests.mutants.planting import mutant, plant


def looking_up(find: Callable[[Store, str], Organization | None]) -> type[Store]:
    """A store that looks up in a way of its own when the right way finds nothing."""

    class Finding(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            return super().by_external_id(external_id) or find(self, external_id)

    return Finding


def where(condition: str, change: Callable[[str], str] = str) -> Callable[[Store, str], Organization | None]:
    """Finds by a condition of SQL."""
    return lambda store, value: store._one(f"SELECT * FROM organization WHERE {condition}", change(value))  # noqa: S608


for name, fault, find in (
    ("lookup-ignores-case", "A lookup does not mind the case.", where("external_id = ? COLLATE NOCASE")),
    ("lookup-by-beginning", "A lookup finds by how an external_id begins.",
     where("external_id LIKE ? || '%' AND length(?1) > 3")),
    ("lookup-by-end", "A lookup finds by how an external_id ends.",
     where("external_id LIKE '%' || ? AND length(?1) > 3")),
    ("lookup-takes-wildcards", "A lookup reads % as a wildcard.", where("external_id LIKE ?")),
    ("lookup-takes-underscores", "A lookup reads _ as any character.",
     where("external_id LIKE ?", lambda value: value.replace("%", "x"))),
    ("lookup-by-id", "A lookup finds by id.", where("id = ?")),
    ("lookup-by-name", "A lookup finds by name.", where("name = ?")),
    ("lookup-trims", "A lookup drops spaces at both ends.", where("external_id = ?", str.strip)),
    ("lookup-trims-the-end", "A lookup drops spaces at the end.", where("external_id = ?", str.rstrip)),
    ("lookup-cuts", "A lookup drops the last character of what it does not find.",
     where("external_id = ?", lambda value: value[:-1])),
    ("lookup-of-longer", "A lookup finds what the external_id begins with.",
     where("?1 LIKE external_id || '%' AND length(external_id) > 3")),
):  # fmt: skip
    plant(name, "lookup.exact", fault, looking_up(find))


@mutant("lookup.unknown")
class LookupFindsTheLast(Store):
    """A lookup that finds nothing finds the newest organization."""

    def by_external_id(self, external_id: str) -> Organization | None:
        return super().by_external_id(external_id) or next(iter(self.older((2**62, ""), 1, "", None)), None)


class Path(Api):
    """An API that reads paths in a way of its own."""

    def lookup(self, call: Call) -> Response:
        return self.responses.found(self.known_outside(self.read(call.path["external_id"])))

    def read(self, external_id: str) -> str:
        return external_id


@mutant("lookup.percent-encoded")
class DecodedTwice(Path):
    """The path of a lookup is decoded twice."""

    def read(self, external_id: str) -> str:
        return unquote(external_id)


@mutant("lookup.percent-encoded")
class NotDecoded(Path):
    """The path of a lookup is not decoded."""

    def read(self, external_id: str) -> str:
        return quote(external_id, safe="")


@mutant("lookup.percent-encoded")
class PlusIsSpace(Path):
    """A plus in the path of a lookup is a space."""

    def read(self, external_id: str) -> str:
        return external_id.replace("+", " ")


@mutant("lookup.percent-encoded")
class SlashEndsIt(Path):
    """An external_id is looked up as far as its first slash."""

    def read(self, external_id: str) -> str:
        return external_id.partition("/")[0]


@mutant("lookup.percent-encoded")
class QuestionMarkEndsIt(Path):
    """An external_id is looked up as far as its first question mark."""

    def read(self, external_id: str) -> str:
        return external_id.partition("?")[0]


@mutant("lookup.percent-encoded")
class HashEndsIt(Path):
    """An external_id is looked up as far as its first number sign."""

    def read(self, external_id: str) -> str:
        return external_id.partition("#")[0]


@mutant("lookup.percent-encoded")
class SemicolonEndsIt(Path):
    """An external_id is looked up as far as its first semicolon."""

    def read(self, external_id: str) -> str:
        return external_id.partition(";")[0]


@mutant("lookup.percent-encoded")
class DotsAreSteps(Path):
    """Two dots in the path of a lookup are a step up."""

    def read(self, external_id: str) -> str:
        return external_id.rpartition("../")[2]


@mutant("lookup.after-change")
class FirstExternalIdStays(Store):
    """An external_id finds its organization after it was changed."""

    def __init__(self) -> None:
        super().__init__()
        self._former: dict[str, str] = {}

    def update(self, organization: Organization) -> None:
        known = self.by_id(organization.id)
        super().update(organization)
        if known and known.external_id and known.external_id != organization.external_id:
            self._former[known.external_id] = known.id

    def by_external_id(self, external_id: str) -> Organization | None:
        found = super().by_external_id(external_id)
        return found or (self.by_id(self._former[external_id]) if external_id in self._former else None)


@mutant("lookup.after-clearing")
class ClearedExternalIdStays(FirstExternalIdStays):
    """An external_id finds its organization after it was cleared."""

    def by_external_id(self, external_id: str) -> Organization | None:
        found = super().by_external_id(external_id)
        return found if found and found.external_id in (external_id, None) else None


@mutant("lookup.after-change")
class ChangedExternalIdUnknown(Store):
    """An external_id that came by an update finds nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._given: set[str] = set()

    def insert(self, organization: Organization) -> None:
        super().insert(organization)
        self._given.add(organization.external_id or "")

    def by_external_id(self, external_id: str) -> Organization | None:
        return super().by_external_id(external_id) if external_id in self._given else None


@mutant("lookup.after-change")
class OldExternalIdBlocked(Store):
    """An external_id that an organization gave up stays taken."""

    def __init__(self) -> None:
        super().__init__()
        self._owners: dict[str, str] = {}

    def update(self, organization: Organization) -> None:
        owner = self._owners.setdefault(organization.external_id or organization.id, organization.id)
        if owner != organization.id:
            raise Taken("external_id")
        super().update(organization)
