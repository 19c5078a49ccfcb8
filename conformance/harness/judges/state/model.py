"""What an organization must look like after a write, by the contract: pure functions.

Where sources disagree (metadata of null, a null value in it, both lists of domains at once)
nothing is predicted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from conformance.harness.api.organization import ABSENT, Difference, differences, domains_of, field_of, moment
from conformance.harness.judges.state import verbatim

PLAIN = ("name", "external_id")
SHOWN_IF_KNOWN = ("stripe_customer_id", "allow_profiles_outside_organization")
CREATED = "create.returns-what-was-sent"
NAME_ALONE = "create.name-alone"
SET = "update.sets-what-was-sent"
KEPT = "update.keeps-the-rest"
ORDINARY = (CREATED, SET)
"""What is broken where an ordinary value of a field does not come back."""

REQUIREMENT_OF_CHANGE = {
    "domains": "update.replaces-domains",
    "stripe_customer_id": "update.stripe-customer-id",
    "metadata": "update.metadata-merges",
}
IDENTITY = ("id", "created_at")
MANY_DOMAINS = "body.ten-domains"
MANY = 10
"""Domains from which on a missing one is a matter of how many there may be."""

LONG = timedelta(minutes=55)
"""Less than any two zones of time are apart, and more than a run is under way."""

FILTERS = ("search", "domains")
FILTERED = "list.filtered-organizations-whole"
HIDDEN = ("domains", "metadata", "external_id")
"""What a list that is filtered may hide of an organization."""


@dataclass(frozen=True)
class Broken:
    """A requirement that a write broke, and where it shows."""

    requirement: str
    difference: Difference

    @property
    def field(self) -> str:
        """The field of the organization in which it shows."""
        return field_of(self.difference.place)


def after_create(body: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Broken]:
    """What a created organization breaks of what its body asked for.

    Sources: S create, O OrganizationDto; what is left out has O's empty value.
    """
    expected = {
        "name": body.get("name"),
        "external_id": body.get("external_id"),
        "metadata": body.get("metadata") or {},
    }
    for field, value in expected.items():
        if seen.get(field) != value:
            ordinary = CREATED if body.get(field) else NAME_ALONE
            requirement = verbatim.requirement_of(field, value, seen.get(field)) or ordinary
            yield Broken(requirement, _difference(field, value, seen))
    yield from _shown_if_known(body, seen, lambda _: CREATED)
    yield from _domains_of_create(body, seen)


def _domains_of_create(body: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Broken]:
    names = _named_domains(body)
    shown = sorted(domains_of(seen))
    if names is not None and shown != names:
        requirement = CREATED if body.get("domain_data") else NAME_ALONE
        requirement = "create.deprecated-domains" if body.get("domains") else requirement
        yield Broken(_of_domains(body, names, shown) or requirement, Difference("domains", names, shown))
    yield from _states(body, seen, "create.domain-state")
    yield from _domains_of_other_times(seen, is_new=True)


def after_update(before: Mapping[str, Any], body: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Broken]:
    """What an updated organization breaks of what it was and what the body asked for.

    Sources: S update, O UpdateOrganizationDto; D for the merging of metadata.
    """
    for difference in differences(_expected(before, body), seen):
        field = difference.place
        if field in IDENTITY:
            yield Broken("update.identity", difference)
        elif _judged(field, body):
            requirement = _requirement_of(field, body, difference)
            yield Broken(requirement, difference)
    yield from _shown_if_known(body, seen, lambda field: REQUIREMENT_OF_CHANGE.get(field, SET))
    yield from _replaced_domains(body, seen)
    yield from _states(body, seen, SET)
    yield from _domains_of_other_times(seen, is_new=False)


def _expected(before: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    expected = dict(before)
    expected |= {field: body[field] for field in PLAIN if field in body}
    expected |= {field: body[field] for field in SHOWN_IF_KNOWN if field in body and field in before}
    known, given = before.get("metadata"), body.get("metadata")
    if isinstance(given, dict):  # what is no object, which is a finding by itself, leaves nothing to merge with
        expected["metadata"] = known | given if given and isinstance(known, dict) else given
    return expected


def ignored(before: Mapping[str, Any], body: Mapping[str, Any], seen: Mapping[str, Any]) -> list[Difference]:
    """What a body asks to be changed, where an update shows nothing of it; empty where it shows any of it."""
    asked = differences(_expected(before, body), before)
    names = _named_domains(body)
    if names and names != sorted(domains_of(before)):
        asked.append(Difference("domains", names, sorted(domains_of(before))))
    unchanged = {difference.place for difference in differences(before, seen)}.isdisjoint
    return asked if unchanged(difference.place for difference in asked) else []


def _judged(field: str, body: Mapping[str, Any]) -> bool:
    if field == "updated_at" or (field in SHOWN_IF_KNOWN and field in body):
        return False
    if field.startswith("domains"):
        return "domains" not in body and "domain_data" not in body
    if field == "metadata" and "metadata" in body:
        return isinstance(body["metadata"], dict) and None not in body["metadata"].values()
    return True


def _requirement_of(field: str, body: Mapping[str, Any], difference: Difference) -> str:
    if field not in body:
        return KEPT
    notorious = verbatim.requirement_of(field, body[field], difference.seen)
    if notorious:
        return notorious
    if field == "metadata" and not body["metadata"]:
        return "update.metadata-empty"
    if field == "external_id" and body["external_id"] is None:
        return "update.clears-external-id"
    return REQUIREMENT_OF_CHANGE.get(field, SET)


def _shown_if_known(body: Mapping[str, Any], seen: Mapping[str, Any], requirement: Any) -> Iterator[Broken]:
    """Optional fields may be left out of an answer, but not be shown with another value."""
    for field in SHOWN_IF_KNOWN:
        if body.get(field) is not None and field in seen and seen[field] != body[field]:
            yield Broken(requirement(field), _difference(field, body[field], seen))


def _replaced_domains(body: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Broken]:
    names = _named_domains(body)
    shown = sorted(domains_of(seen))
    if names and shown != names:
        ordinary = "update.deprecated-domains" if body.get("domains") else "update.replaces-domains"
        yield Broken(_of_domains(body, names, shown) or ordinary, Difference("domains", names, shown))


def _of_domains(body: Mapping[str, Any], names: list[str], shown: list[str]) -> str | None:
    """The requirement of domains that are many, or that trip code; None for ordinary ones.

    Where nothing of the deprecated list is shown, it is the list that is not understood, however long it is.
    """
    is_list_ignored = bool(body.get("domains")) and set(names).isdisjoint(shown)
    return MANY_DOMAINS if len(names) >= MANY and not is_list_ignored else verbatim.of_domains(names, shown)


def _states(body: Mapping[str, Any], seen: Mapping[str, Any], requirement: str) -> Iterator[Broken]:
    shown = domains_of(seen)
    for item in body.get("domain_data") or ():
        state = shown.get(item["domain"], {}).get("state", item["state"])
        if state != item["state"]:
            yield Broken(requirement, Difference(f"domains[{item['domain']}].state", item["state"], state))


def _domains_of_other_times(seen: Mapping[str, Any], *, is_new: bool) -> Iterator[Broken]:
    """Domains that a run has made up, and that were made long before their organization was, or long after a new one.

    So are those that are shown in another zone of time than the organization.
    """
    made = moment(seen.get("created_at"))
    for name, domain in domains_of(seen).items():
        created, place = moment(domain.get("created_at")), f"domains[{name}].created_at"
        if not isinstance(made, datetime) or not isinstance(created, datetime):
            continue
        if _is_long_before(created, made):
            expected = f"not before {seen['created_at']}"
        elif is_new and _is_long_before(made, created):
            expected = f"about {seen['created_at']}"
        else:
            continue
        yield Broken("domain.created-at", Difference(place, expected, domain["created_at"]))


def _is_long_before(earlier: datetime, later: datetime) -> bool:
    try:
        return later - earlier > LONG
    except TypeError:  # one has a zone, the other has none
        return False


def _named_domains(body: Mapping[str, Any]) -> list[str] | None:
    """The domains that a body asks for, sorted; None where both lists are given."""
    plain, detailed = body.get("domains") or [], body.get("domain_data") or []
    if plain and detailed:
        return None
    return sorted({*plain, *(item["domain"] for item in detailed)})


def is_hidden(difference: Difference) -> bool:
    """Whether a value, or some of the domains, is not shown at all."""
    expected, seen = difference.expected, difference.seen
    if difference.place not in HIDDEN:
        return False
    fewer = isinstance(expected, list) and isinstance(seen, list) and set(seen) < set(expected)
    return bool(expected) and (fewer or seen in (None, ABSENT, "", {}))


def _difference(field: str, expected: object, seen: Mapping[str, Any]) -> Difference:
    return Difference(field, expected, seen.get(field, "(absent)"))


def moved_back(before: Mapping[str, Any], seen: Mapping[str, Any]) -> bool:
    """Whether updated_at went into the past."""
    earlier, later = moment(before.get("updated_at")), moment(seen.get("updated_at"))
    try:
        return bool(later < earlier)  # type: ignore[operator]
    except TypeError:
        return False
