"""Lookups that find an organization by something else than its external_id."""

from __future__ import annotations

from collections.abc import Callable

from emulator.records import Organization
from emulator.store import Store
from tests.mutants.planting import plant


def looking_up(find: Callable[[Store, str], Organization | None]) -> type[Store]:
    """A store that looks up in a way of its own when the right way finds nothing."""

    class Finding(Store):
        def by_external_id(self, external_id: str) -> Organization | None:
            return super().by_external_id(external_id) or find(self, external_id)

    return Finding


def where(condition: str, change: Callable[[str], str] = str) -> Callable[[Store, str], Organization | None]:
    """Finds by a condition of SQL."""
    return lambda store, value: store._one(f"SELECT * FROM organization WHERE {condition}", change(value))  # noqa: S608


# fmt: off
plant("lookup-ignores-case", "lookup.exact", "A lookup does not mind the case.",
      looking_up(where("external_id = ? COLLATE NOCASE")))
plant("lookup-by-beginning", "lookup.exact", "A lookup finds by how an external_id begins.",
      looking_up(where("external_id LIKE ? || '%' AND length(?1) > 3")))
plant("lookup-by-end", "lookup.exact", "A lookup finds by how an external_id ends.",
      looking_up(where("external_id LIKE '%' || ? AND length(?1) > 3")))
plant("lookup-takes-wildcards", "lookup.exact", "A lookup reads % as a wildcard.",
      looking_up(where("external_id LIKE ?")))
plant("lookup-takes-underscores", "lookup.exact", "A lookup reads _ as any character.",
      looking_up(where("external_id LIKE ?", lambda value: value.replace("%", "x"))))
plant("lookup-by-id", "lookup.exact", "A lookup finds by id.", looking_up(where("id = ?")))
plant("lookup-by-name", "lookup.exact", "A lookup finds by name.", looking_up(where("name = ?")))
plant("lookup-trims", "lookup.exact", "A lookup drops spaces at both ends.",
      looking_up(where("external_id = ?", str.strip)))
plant("lookup-trims-the-end", "lookup.exact", "A lookup drops spaces at the end.",
      looking_up(where("external_id = ?", str.rstrip)))
plant("lookup-cuts", "lookup.exact", "A lookup drops the last character of what it does not find.",
      looking_up(where("external_id = ?", lambda value: value[:-1])))
plant("lookup-of-longer", "lookup.exact", "A lookup finds what the external_id begins with.",
      looking_up(where("?1 LIKE external_id || '%' AND length(external_id) > 3")))
# fmt: on
