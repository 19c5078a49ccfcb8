"""Organizations in whose state something stays that should have gone, or gets lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.paging import Page
from emulator.records import Organization
from emulator.responses import Responses
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Object, reply
from tests.blind.parts.stores import DomainStore
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

FLAG = "allow_profiles_outside_organization"
KIND = "fourth: updates"
STATES = "fourth: states"
NONE = "none: not looked up"


def eight_kept(w: Wire) -> bool:
    return len(w.changed(w.made()["id"], domain_data=verified(*(domain() for _ in range(10))))["domains"]) == 8


@fault("fourth: domains", NONE, eight_kept, "a form with eight lines")
def fourth_update_keeps_eight_domains() -> ASGIApp:
    """An update keeps the first eight domains."""
    return updating(lambda new, known, body: replace(new, domains=new.domains[:8]))


def body_refused(w: Wire) -> bool:
    return w.update(w.made()["id"], metadata={f"key{n}": "x" * 600 for n in range(10)}).status_code == 413


@fault(KIND, NONE, body_refused, "a limit of the gateway for PUT")
def fourth_update_above_5000_bytes_refused() -> ASGIApp:
    """An update of more than 5000 bytes answers 413."""
    return on_request(
        lambda request: (
            reply(413, {"message": "Payload Too Large"})
            if request.operation == "update" and len(request.body) > 5000
            else request
        )
    )


def not_set_again(w: Wire) -> bool:
    id = w.made(external_id=token())["id"]
    w.changed(id, external_id=None)
    return w.changed(id, external_id=token())["external_id"] is None


@fault(STATES, NONE, not_set_again, "a flag for unlinked records")
def fourth_cleared_external_id_stays_cleared() -> ASGIApp:
    """An organization whose external_id was cleared never gets another one."""
    cleared: set[str] = set()

    def change(new: Organization, known: Organization, body: Body) -> Organization:
        if known.external_id and new.external_id is None:
            cleared.add(new.id)
        return replace(new, external_id=None) if new.id in cleared else new

    return updating(change)


def inherited(w: Wire) -> bool:
    taken = token()
    id = w.made(external_id=taken)["id"]
    w.changed(id, metadata={"old": "a"})
    w.delete(id)
    return "old" in w.made(external_id=taken, metadata={"new": "b"})["metadata"]


@fault(STATES, NONE, inherited, "an upsert by external_id of rows that are marked as deleted")
def fourth_create_inherits_metadata_of_deleted() -> ASGIApp:
    """A create with the external_id and metadata of its own gets the metadata of a deleted organization as well."""
    left: dict[str, Mapping[str, str]] = {}

    class Marking(Store):
        def delete(self, organization: Organization) -> None:
            if organization.external_id:
                left[organization.external_id] = organization.metadata
            super().delete(organization)

    class Upserting(Changes):
        def created(self, body: Body) -> Organization:
            made = super().created(body)
            old = left.pop(made.external_id or "", {}) if made.metadata else {}
            return replace(made, metadata={**old, **made.metadata})

    return app(Marking(), changes=Upserting())


class Remembering(Responses):
    """Lists keep what a field showed under a condition."""

    def page(self, page: Page) -> Object:
        """The page, altered."""
        shown = super().page(page)
        return {**shown, "data": [self.in_list(each) for each in shown["data"]]}

    def in_list(self, shown: Object) -> Object:
        """An organization of a list."""
        raise NotImplementedError


def old_flag(w: Wire) -> bool:
    id = w.made(**{FLAG: True})["id"]
    w.changed(id, **{FLAG: False})
    return bool(w.listed(id)[FLAG])


@fault(STATES, NONE, old_flag, "a projection that ORs flags")
def fourth_list_keeps_flag() -> ASGIApp:
    """Lists show allow_profiles_outside_organization true once it was."""

    class Once(Remembering):
        seen: set[str]

        def organization(self, organization: Organization) -> Object:
            if organization.allow_profiles:
                self.seen.add(organization.id)
            return super().organization(organization)

        def in_list(self, shown: Object) -> Object:
            return {**shown, FLAG: shown["id"] in self.seen}

    once = Once()
    once.seen = set()
    return app(responses=once)


def old_domains(w: Wire) -> bool:
    id = w.made(domain_data=verified(domain()))["id"]
    w.changed(id, domain_data=[])
    return bool(w.listed(id)["domains"])


@fault(STATES, NONE, old_domains, "an event that an empty collection does not raise")
def fourth_list_keeps_cleared_domains() -> ASGIApp:
    """Lists show the domains that an update removed all together."""

    class Last(Remembering):
        last: dict[str, object]

        def organization(self, organization: Organization) -> Object:
            shown = super().organization(organization)
            if shown["domains"]:
                self.last[organization.id] = shown["domains"]
            return shown

        def in_list(self, shown: Object) -> Object:
            return {**shown, "domains": shown["domains"] or self.last.get(shown["id"], [])}

    last = Last()
    last.last = {}
    return app(responses=last)


def still_found(w: Wire) -> bool:
    name = domain()
    id = w.made(domain_data=verified(name))["id"]
    w.changed(id, domain_data=[])
    return id in w.ids(domains=name)


@fault(STATES, NONE, still_found, "an index that is rewritten in a loop over the new domains")
def fourth_filter_finds_cleared_domains() -> ASGIApp:
    """A filter by domain finds organizations whose domains an update removed all together."""
    last: dict[str, tuple[str, ...]] = {}

    class Indexed(DomainStore):
        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            self._note(organization)

        def update(self, organization: Organization) -> None:
            super().update(organization)
            self._note(organization)

        def has(self, organization: Organization, domain: str) -> bool:
            return domain in last.get(organization.id, ())

        def _note(self, organization: Organization) -> None:
            if organization.domains:
                last[organization.id] = tuple(each.domain for each in organization.domains)

    return app(Indexed())


def case_lost(w: Wire) -> bool:
    return bool(w.changed(w.made(name="acme")["id"], name="ACME")["name"] == "acme")


@fault(KIND, NONE, case_lost, "a comparison that ignores case before it saves")
def fourth_change_of_case_lost() -> ASGIApp:
    """An update of a name that changes nothing but case is lost."""
    return updating(
        lambda new, known, body: replace(new, name=known.name) if new.name.casefold() == known.name.casefold() else new
    )


def loosely(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def equal_number_lost(w: Wire) -> bool:
    id = w.made(metadata={"a": "1"})["id"]
    return bool(w.changed(id, metadata={"a": "1.0"})["metadata"]["a"] == "1")


@fault("fourth: metadata", NONE, equal_number_lost, "== of PHP")
def fourth_equal_numbers_are_no_change() -> ASGIApp:
    """An update of a metadata value by another text of the same number is lost."""

    class Loosely(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            same = {k for k, v in given.items() if v is not None and k in known and loosely(v) == loosely(known[k])}
            return super().merged(known, {k: v for k, v in given.items() if k not in same})

    return app(changes=Loosely())
