"""Updates that reset, ignore, append, or forget the time."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.refusals import InvalidMetadata, Refusal
from tests.mutants.planting import mutant, plant

FIELDS = {
    "name": "name",
    "domains": "domain_data",
    "metadata": "metadata",
    "external_id": "external_id",
    "stripe_customer_id": "stripe_customer_id",
    "allow_profiles": "allow_profiles_outside_organization",
}
"""What is kept, and what a body calls it."""

EMPTY: dict[str, Any] = {
    "name": "",
    "domains": (),
    "metadata": {},
    "external_id": None,
    "stripe_customer_id": None,
    "allow_profiles": False,
}

IGNORED = {
    "name": "update.sets-what-was-sent",
    "domains": "update.replaces-domains",
    "metadata": "update.metadata-merges",
    "external_id": "update.sets-what-was-sent",
    "stripe_customer_id": "update.stripe-customer-id",
    "allow_profiles": "update.sets-what-was-sent",
}


def resetting(field: str) -> type[Changes]:
    """Changes that empty a field which an update leaves out."""

    class Resetting(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            updated = super().updated(known, body)
            given = FIELDS[field] in body or field in body
            return updated if given else dataclasses.replace(updated, **{field: EMPTY[field]})

    return Resetting


def ignoring(field: str) -> type[Changes]:
    """Changes that leave a field as it is."""

    class Ignoring(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            return dataclasses.replace(super().updated(known, body), **{field: getattr(known, field)})

    return Ignoring


for field, requirement in IGNORED.items():
    label = field.replace("_", "-")
    fault = f"An update that leaves {field} out empties it."
    plant(f"update-resets-{label}", "update.keeps-the-rest", fault, resetting(field))
    plant(f"update-ignores-{label}", requirement, f"An update does not change {field}.", ignoring(field))


class Updating(Changes):
    """Changes whose updates go wrong."""

    def updated(self, known: Organization, body: Body) -> Organization:
        return self.spoilt(known, body, super().updated(known, body))

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        return updated


@mutant("update.identity")
class UpdateMovesCreatedAt(Updating):
    """An update moves created_at in its answer and from then on."""

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        return dataclasses.replace(updated, created_at=updated.updated_at)


@mutant("update.moves-updated-at")
class UpdatedAtStays(Updating):
    """An update leaves updated_at."""

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        return dataclasses.replace(updated, updated_at=known.updated_at)


@mutant("update.moves-updated-at")
class UpdatedAtGoesBack(Updating):
    """An update moves updated_at an hour back."""

    def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
        return dataclasses.replace(updated, updated_at=known.updated_at - 3_600_000)


def moving_only(field: str) -> type[Updating]:
    """Changes that move updated_at only with a field."""

    class Moving(Updating):
        def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
            moves = FIELDS[field] in body
            return updated if moves else dataclasses.replace(updated, updated_at=known.updated_at)

    return Moving


def not_moving(field: str) -> type[Updating]:
    """Changes that do not move updated_at with a field alone."""

    class Staying(Updating):
        def spoilt(self, known: Organization, body: Body, updated: Organization) -> Organization:
            stays = set(body) == {FIELDS[field]}
            return dataclasses.replace(updated, updated_at=known.updated_at) if stays else updated

    return Staying


plant("updated-at-moves-with-name-only", "update.moves-updated-at", "updated_at moves only with the name.",
      moving_only("name"))  # fmt: skip
plant("updated-at-moves-with-metadata-only", "update.moves-updated-at", "updated_at moves only with metadata.",
      moving_only("metadata"))  # fmt: skip
for field in FIELDS:
    plant(f"updated-at-ignores-{field.replace('_', '-')}", "update.moves-updated-at",
          f"A change of {field} alone does not move updated_at.", not_moving(field))  # fmt: skip


# ---- Metadata -------------------------------------------------------------------------------------


@mutant("update.metadata-merges")
class MetadataReplaced(Changes):
    """Metadata of an update replace those that were there."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return super().merged({}, given)


@mutant("update.metadata-merges")
class MetadataOnlyAdded(Changes):
    """An update adds metadata, and changes none that are there."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return super().merged({}, {**given, **known})


@mutant("update.metadata-merges")
class MetadataOnlyChanged(Changes):
    """An update changes metadata that are there, and adds none unless there are none."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        kept = {key: value for key, value in given.items() if key in known or not known}
        return super().merged(known, kept)


@mutant("update.metadata-merges")
class MetadataAppended(Changes):
    """An update appends to metadata that are there."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return super().merged(known, {key: known.get(key, "") + (value or "") for key, value in given.items()})


@mutant("update.metadata-merges")
class MetadataReplacedByMany(Changes):
    """Metadata of more than one pair replace those that were there."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return super().merged({} if len(given) > 1 else known, given)


@mutant("update.metadata-empty")
class EmptyMetadataIgnored(Changes):
    """Empty metadata in an update change nothing."""

    def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
        return super().next_metadata(known, body) if body.get("metadata") else known.metadata


@mutant("update.metadata-empty")
class EmptyMetadataLeavesOne(Changes):
    """Empty metadata in an update leave the first pair."""

    def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
        following = super().next_metadata(known, body)
        return following if following or "metadata" not in body else dict(list(known.metadata.items())[:1])


@mutant("update.metadata-null-key", weak="O's schema does not allow null in metadata")
class NullKeyIgnored(Changes):
    """A metadata key of null changes nothing."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return {**known, **super().merged({}, given)}


@mutant("update.metadata-null-key", weak="O's schema does not allow null in metadata")
class NullKeyEmpties(Changes):
    """A metadata key of null makes its value empty."""

    def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
        return {**known, **{key: value or "" for key, value in given.items()}}


@mutant("update.metadata-limit-after-merge", weak="an older guide allows only 10 pairs")
class MergedMetadataUnlimited(Changes):
    """Merged metadata may be more than fifty."""

    def limited(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
        return metadata


@mutant("update.metadata-merges")
class MetadataCountTheOld(Changes):
    """Known and given metadata together may be four at most."""

    def limited(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
        if len(metadata) > 2:
            raise InvalidMetadata("metadata: too many.")
        return metadata


@mutant("create.returns-what-was-sent")
class MetadataOnUpdatesOnly(Changes):
    """A create does not take metadata; an update does."""

    def first_metadata(self, body: Body) -> Mapping[str, str]:
        return {}


# ---- Domains --------------------------------------------------------------------------------------


class Replacing(Changes):
    """Changes that put other domains into an organization."""

    def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
        return self.others(known, body, super().replaced_domains(known, body, moment))

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        return domains


@mutant("update.replaces-domains")
class DomainsAppended(Replacing):
    """Domains of an update come beside those that were there."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        new = {domain.domain for domain in domains}
        kept = (dataclasses.replace(old, id=self.domain_id(old.created_at)) for old in known.domains)
        return (*(old for old in kept if old.domain not in new), *domains)


@mutant("update.replaces-domains")
class PlainDomainsIgnored(Replacing):
    """An update ignores the deprecated domains."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        return domains if "domain_data" in body else known.domains


@mutant("update.replaces-domains")
class OnlyFirstOfNewDomains(Replacing):
    """Of several domains an update takes the first."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        return domains[:1]


@mutant("update.sets-what-was-sent")
class StateOfOldDomainStays(Replacing):
    """A domain that an organization has keeps its state, whatever an update says."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        states = {domain.domain: domain.state for domain in known.domains}
        return tuple(dataclasses.replace(new, state=states.get(new.domain, new.state)) for new in domains)


@mutant("update.no-domains", weak="only R shows that a PUT replaces the domains")
class NoDomainsIgnored(Replacing):
    """An empty domain_data changes nothing."""

    def others(self, known: Organization, body: Body, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        return domains or known.domains


class TooSoon(Refusal):
    """An organization is still being changed."""

    status = 409


@mutant("lifecycle.model")
class SecondUpdateTooSoon(Changes):
    """An update right after an update is refused: the first one is still under way."""

    def updated(self, known: Organization, body: Body) -> Organization:
        if known.updated_at > known.created_at and self.now() - known.updated_at < 100:
            raise TooSoon("The organization is being updated.")
        return super().updated(known, body)
