"""Organizations as the scenarios see them: values that compare by what the contract documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from conformance.harness.api.call import Call
from conformance.harness.api.errors import UnusableResponseError

REQUIRED = ("id", "name", "external_id", "metadata", "created_at", "updated_at")
OPTIONAL = ("stripe_customer_id", "allow_profiles_outside_organization")
DOMAIN_REQUIRED = ("id", "domain", "created_at", "updated_at")
"""Not organization_id: that it is the organization's own is judged in every answer."""
DOMAIN_OPTIONAL = ("state", "verification_prefix", "verification_token", "verification_strategy")
TIMES = ("created_at", "updated_at")
ABSENT = "(absent)"


@dataclass(frozen=True)
class Difference:
    """One place in which two organizations are not the same."""

    place: str
    expected: Any
    seen: Any

    def __str__(self) -> str:
        return f"{self.place}: expected {self.expected!r}, seen {self.seen!r}"


def field_of(place: str) -> str:
    """The field of an organization in which a place is."""
    return re.split(r"[.\[]", place, maxsplit=1)[0]


class Organization(Mapping[str, Any]):
    """An organization that a call gave.

    Two are equal when everything that the contract documents is: required fields always,
    optional ones where both carry them; times as moments; domains whatever their order.
    """

    def __init__(self, fields: Mapping[str, Any], call: Call) -> None:
        self.fields = fields
        self.call = call

    @property
    def given(self) -> Mapping[str, Any]:
        """The body that the call was given: what was asked for, whatever came of it."""
        return self.call.body

    def __getitem__(self, field: str) -> Any:
        if field not in self.fields:
            raise UnusableResponseError(self.call, f"the organization has no {field}")
        return self.fields[field]

    def get(self, field: str, default: Any = None) -> Any:
        """The field's value, or the default where the response leaves the field out."""
        return self.fields.get(field, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def __contains__(self, field: object) -> bool:
        return field in self.fields

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Organization) and not differences(self, other)

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<{self.fields.get('id', 'organization without id')}>"

    @property
    def id(self) -> str:
        """The id. Raises UnusableResponseError when it is no string, or an empty one."""
        if not isinstance(self["id"], str) or not self["id"]:
            raise UnusableResponseError(self.call, f"the id is {self['id']!r}")
        return str(self["id"])

    @property
    def metadata(self) -> dict[str, Any]:
        """The metadata. Raises UnusableResponseError when it is no object."""
        if not isinstance(self["metadata"], dict):
            raise UnusableResponseError(self.call, f"the metadata is {self['metadata']!r}")
        return dict(self["metadata"])

    @property
    def domains(self) -> dict[str, Mapping[str, Any]]:
        """The domain objects by domain name. Raises UnusableResponseError when they are no array of objects."""
        domains = self["domains"]
        if not isinstance(domains, list) or not all(isinstance(item, dict) for item in domains):
            raise UnusableResponseError(self.call, f"the domains are {domains!r}")
        return domains_of(self.fields)

    @property
    def domain_names(self) -> list[str]:
        """The names of its domains, sorted."""
        return sorted(self.domains)

    @property
    def created(self) -> datetime:
        """The moment of creation. Raises UnusableResponseError when it is no RFC 3339 time."""
        return self._moment("created_at")

    @property
    def updated(self) -> datetime:
        """The moment of the last change. Raises UnusableResponseError when it is no RFC 3339 time."""
        return self._moment("updated_at")

    def _moment(self, field: str) -> datetime:
        found = moment(self[field])
        if not isinstance(found, datetime) or found.tzinfo is None:
            raise UnusableResponseError(self.call, f"{field} is {self[field]!r}")
        return found


def domains_of(fields: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The domain objects of an organization by domain name; what is malformed is left out."""
    domains = fields.get("domains")
    items = domains if isinstance(domains, list) else []
    return {str(item.get("domain")): item for item in items if isinstance(item, dict)}


def moment(value: object) -> object:
    """A date-time as a moment, so that other spellings of it are equal; anything else as it is."""
    try:
        return datetime.fromisoformat(value.upper()) if isinstance(value, str) else value
    except ValueError:
        return value


def differences(expected: Mapping[str, Any], seen: Mapping[str, Any]) -> list[Difference]:
    """Where `seen` is not what was expected, by what the contract documents."""
    found = _compare(expected, seen, REQUIRED, OPTIONAL, "")
    ours, theirs = domains_of(expected), domains_of(seen)
    if sorted(ours) != sorted(theirs) or _count(expected) != _count(seen):
        return [*found, Difference("domains", sorted(ours), sorted(theirs))]
    for name, domain in ours.items():
        place = f"domains[{name}]."
        found += _compare(domain, theirs[name], DOMAIN_REQUIRED, DOMAIN_OPTIONAL, place)
    return found


def _compare(
    expected: Mapping[str, Any],
    seen: Mapping[str, Any],
    required: tuple[str, ...],
    optional: tuple[str, ...],
    prefix: str,
) -> list[Difference]:
    shared = tuple(field for field in optional if field in expected and field in seen)
    pairs = [(field, expected.get(field, ABSENT), seen.get(field, ABSENT)) for field in (*required, *shared)]
    return [Difference(prefix + field, ours, theirs) for field, ours, theirs in pairs if not _same(field, ours, theirs)]


def _same(field: str, ours: object, theirs: object) -> bool:
    if field in TIMES:
        return moment(ours) == moment(theirs)
    return type(ours) is type(theirs) and ours == theirs


def _count(fields: Mapping[str, Any]) -> int:
    domains = fields.get("domains")
    return len(domains) if isinstance(domains, list) else 0


def by_creation(organizations: Sequence[Organization], newest_first: bool) -> list[Organization]:
    """The organizations by the times of their creation; those with equal times stay in the order that they have."""
    return sorted(organizations, key=lambda organization: organization.created, reverse=newest_first)


def is_by_creation(organizations: Sequence[Organization], newest_first: bool) -> bool:
    """Whether the times of creation never go the other way; equal times may come in any order."""
    ordered = organizations[::-1] if newest_first else organizations
    return all(one.created <= other.created for one, other in pairwise(ordered))
