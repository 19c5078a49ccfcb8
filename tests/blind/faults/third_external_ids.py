"""Values of external_id that are kept, compared or looked up wrongly in one case only."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import Fault, InvalidParameters, NotFound, Taken
from emulator.store import Store
from tests.blind.parts.apps import app, reading
from tests.blind.parts.interception import Forward, intercepting, lenient
from tests.blind.parts.messages import Reply, Request, not_found
from tests.blind.registry import Proof, fault
from tests.blind.wire import Wire, deleted, token

EXTERNAL_IDS = "external_id"


def unfound(external_id: str) -> Proof:
    return lambda w: w.made(external_id=external_id) and w.lookup(external_id).status_code != 200


def _taken(first: str, second: str) -> Proof:
    return lambda w: w.made(external_id=first) and w.create(external_id=second).status_code == 400


def comparing(form: Callable[[str], Any]) -> ASGIApp:
    """An app in which two values of external_id are the same when their forms are."""

    class Comparing(Store):
        def insert(self, organization: Organization) -> None:
            self._check(organization)
            super().insert(organization)

        def update(self, organization: Organization) -> None:
            self._check(organization)
            super().update(organization)

        def _check(self, organization: Organization) -> None:
            if organization.external_id is None:
                return
            others = "SELECT external_id FROM organization WHERE external_id IS NOT NULL AND id <> ?"
            found = self._connection.execute(others, (organization.id,)).fetchall()
            if form(organization.external_id) in [form(row["external_id"]) for row in found]:
                raise Taken("external_id")

    return app(Comparing())


def _number(text: str) -> float | str:
    return float(text) if re.fullmatch(r"\d+(e\d+)?", text) else text


@fault(EXTERNAL_IDS, "none: another external_id is free", _taken("1000", "1e3"), "== of texts in PHP")
def numbers_written_otherwise_are_taken() -> ASGIApp:
    """The values 1000 and 1e3 of external_id are the same."""
    return comparing(_number)


@fault(EXTERNAL_IDS, "none: another external_id is free", _taken("a", "a "), "PAD SPACE collations of MySQL")
def a_space_at_the_end_does_not_tell_apart() -> ASGIApp:
    """Values of external_id that differ by a space at the end are the same."""
    return comparing(lambda text: text.rstrip(" "))


@fault(
    EXTERNAL_IDS, "none: another external_id is free", _taken("x" * 40 + "a", "x" * 40 + "b"), "an index of a prefix"
)
def forty_characters_tell_apart() -> ASGIApp:
    """Values of external_id that begin with the same 40 characters are the same."""
    return comparing(lambda text: text[:40])


def _still_missing(w: Wire) -> bool:
    text = token()
    w.lookup(text)
    w.made(external_id=text)
    return w.lookup(text).status_code == 404


@fault(EXTERNAL_IDS, "none: a lookup finds what was created", _still_missing, "a cache of misses")
def what_was_once_missing_stays_missing() -> ASGIApp:
    """A lookup that found nothing finds nothing ever after."""
    missing: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.authorized and request.path in missing:
            return not_found(request.last)
        response = await forward(request)
        if request.operation == "lookup" and response.status == 404:
            missing.add(request.path)
        return response

    return intercepting(handle)


UUID = "2FE01467-F7EA-4DD2-8B79-C2B4F56D0191"


def _small_uuid(w: Wire) -> bool:
    return bool(w.made(external_id=UUID)["external_id"] == UUID.lower())


@fault(EXTERNAL_IDS, "none: an external_id comes back", _small_uuid, "a column of type uuid")
def uuids_come_back_in_small_letters() -> ASGIApp:
    """An external_id that is a UUID is kept in small letters."""
    form = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
    return reading(external_id=lambda text: text.lower() if form.fullmatch(text) else text)


def _replaced_is_taken(w: Wire) -> bool:
    text = token()
    w.changed(w.made(external_id=text)["id"], external_id=token())
    return w.create(external_id=text).status_code == 400


@fault(EXTERNAL_IDS, "none: a replaced external_id is free", _replaced_is_taken, "a table of all values ever given")
def a_replaced_external_id_stays_taken() -> ASGIApp:
    """An external_id that an update replaced with another one cannot be used again."""

    class History(Store):
        def __init__(self) -> None:
            super().__init__()
            self.replaced: set[str] = set()

        def insert(self, organization: Organization) -> None:
            if organization.external_id in self.replaced:
                raise Taken("external_id")
            super().insert(organization)

        def update(self, organization: Organization) -> None:
            known = self.by_id(organization.id)
            super().update(organization)
            if known and known.external_id and organization.external_id not in (None, known.external_id):
                self.replaced.add(known.external_id)

    return app(History())


def _updated_is_missing(w: Wire) -> bool:
    text = token()
    w.changed(w.made()["id"], external_id=text)
    return w.lookup(text).status_code == 404


@fault(EXTERNAL_IDS, "none: a lookup finds", _updated_is_missing, "an index written by creates alone")
def an_updated_external_id_is_not_looked_up() -> ASGIApp:
    """A lookup finds an organization only by the external_id that it was created with."""

    class Created(Store):
        def __init__(self) -> None:
            super().__init__()
            self.first: dict[str, str | None] = {}

        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            self.first[organization.id] = organization.external_id

        def by_external_id(self, external_id: str) -> Organization | None:
            found = super().by_external_id(external_id)
            return found if found and self.first[found.id] == external_id else None

    return app(Created())


def _found_by_id(w: Wire) -> bool:
    return w.lookup(w.made()["id"]).status_code == 200


@fault(EXTERNAL_IDS, "none: a lookup goes by external_id", _found_by_id, "one finder for both")
def a_lookup_takes_an_id_too() -> ASGIApp:
    """A lookup by the id of an organization finds it."""

    class Either(Api):
        def known_outside(self, external_id: str) -> Organization:
            try:
                return super().known_outside(external_id)
            except NotFound:
                return self.known(external_id)

    return app(api=Either)


def _revived(w: Wire) -> bool:
    gone = deleted(w, external_id=token())
    return bool(w.made(external_id=gone["external_id"])["id"] == gone["id"])


@fault(EXTERNAL_IDS, "none: deleted for good", _revived, "soft deletion and an upsert")
def a_create_revives_by_external_id() -> ASGIApp:
    """A create with the external_id of a deleted organization brings back its id and its moment of creation."""
    graves: dict[str, str] = {}

    class Reviving(Api):
        def delete(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            if known.external_id:
                graves[known.external_id] = known.id
            return super().delete(call)

        def create(self, call: Call) -> Response:
            grave = graves.get(self.rules.create(call.content).get("external_id") or "")
            if grave is None or self.store.by_id(grave) is not None:
                return super().create(call)
            made = self.changes.organization_id
            try:
                self.changes.organization_id = lambda moment: grave  # type: ignore[method-assign]
                return super().create(call)
            finally:
                self.changes.organization_id = made  # type: ignore[method-assign]

    return app(api=Reviving)


def _false_is_null(w: Wire) -> bool:
    return w.update(w.made(external_id=token())["id"], external_id=False).status_code == 200


@fault(EXTERNAL_IDS, "none: wrong types are refused", _false_is_null, "`value || null`")
def false_clears_an_external_id() -> ASGIApp:
    """An update takes false and 0 as external_id for null."""
    return lenient(
        lambda body: {**body, "external_id": None} if body.get("external_id", "") in (False, 0) else body, "update"
    )


def _nothing_to_clear(w: Wire) -> bool:
    return w.update(w.made()["id"], external_id=None).status_code == 422


@fault(EXTERNAL_IDS, "none: null is accepted", _nothing_to_clear)
def there_must_be_an_external_id_to_clear() -> ASGIApp:
    """`external_id: null` is refused where there is none."""

    class Strict(Api):
        def update(self, call: Call) -> Response:
            body = self.rules.update(call.content) if self.known(call.path["id"]).external_id is None else {}
            if body.get("external_id", "") is None:
                raise InvalidParameters([Fault("invalid", "external_id", "external_id is not set")])
            return super().update(call)

    return app(api=Strict)
