"""External ids on their way through a path, and the index of them."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from urllib.parse import unquote

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import NotFound, Taken
from emulator.store import Store
from tests.blind.parts.apps import app, reading
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Object, Reply, Request, reply
from tests.blind.registry import Proof, fault
from tests.blind.wire import Wire, token


def looking(change: Callable[[str], str]) -> ASGIApp:
    """An app that looks for another external_id than it was asked for."""

    class Looking(Api):
        def lookup(self, call: Call) -> Response:
            asked = change(call.path["external_id"])
            return super().lookup(dataclasses.replace(call, path={"external_id": asked}))

    return app(api=Looking)


def lost(form: str, status: int = 404) -> Proof:
    """Shows where a lookup does not find an external_id of this form."""

    def shows(w: Wire) -> object:
        external_id = form.replace("{}", token())
        w.made(external_id=external_id)
        return w.lookup(external_id).status_code == status

    return shows


@fault("lookups", "lookup.percent-encoded", lost("{}.com"), "Spring MVC cuts a suffix off the last path variable")
def seventh_lookup_cuts_suffix() -> ASGIApp:
    """A lookup ignores what follows the last dot of an external_id."""
    return looking(lambda asked: asked.rpartition(".")[0] or asked)


@fault("lookups", "lookup.percent-encoded", lost("{}%41"), "a proxy decodes the path, and the router once more")
def seventh_lookup_decodes_twice() -> ASGIApp:
    """A lookup decodes percent-encoded characters twice."""
    return looking(unquote)


@fault("lookups", "lookup.percent-encoded", lost("{}+eu"), "the path is decoded like a form")
def seventh_lookup_takes_plus_for_space() -> ASGIApp:
    """A lookup takes a plus sign for a space."""
    return looking(lambda asked: asked.replace("+", " "))


@fault(
    "lookups",
    "lookup.percent-encoded",
    lost("urn:{}", 400),
    "ASP.NET: a potentially dangerous Request.Path value was detected",
)
def seventh_lookup_fears_characters() -> ASGIApp:
    """A lookup of an external_id with a colon, an asterisk, an ampersand or an angle bracket answers 400."""

    def judged(request: Request) -> Request | Reply:
        dangerous = request.operation == "lookup" and set(unquote(request.path)) & set("<>*&:")
        return reply(400, {"message": "A potentially dangerous path."}) if dangerous else request

    return on_request(judged)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,15}(\.\d+)?(e\d{1,2})?", text) else None


def colliding(key: Callable[[str], object], *, on: str) -> ASGIApp:
    """An app to whose insert or update two external_ids with one key are the same."""

    class Colliding(Store):
        def insert(self, organization: Organization) -> None:
            if on == "insert":
                self.refuse_similar(organization)
            super().insert(organization)

        def update(self, organization: Organization) -> None:
            if on == "update":
                self.refuse_similar(organization)
            super().update(organization)

        def refuse_similar(self, organization: Organization) -> None:
            asked = organization.external_id
            if asked is None or key(asked) is None:
                return
            rows = self._connection.execute(
                "SELECT external_id FROM organization WHERE external_id IS NOT NULL AND id <> ?", (organization.id,)
            )
            if any(key(row["external_id"]) == key(asked) for row in rows.fetchall()):
                raise Taken("external_id")

    return app(Colliding())


def _same_number(w: Wire) -> object:
    digits = str(int(token()[5:], 16))[:10]
    w.made(external_id=f"7{digits}")
    return w.create(external_id=f"7{digits}.0").status_code == 400


@fault("external ids", "create.similar-external-ids", _same_number, "two texts of digits are equal to PHP's ==")
def seventh_equal_numbers_are_taken() -> ASGIApp:
    """A create answers 400 where its external_id is the same number as another one, otherwise written."""
    return colliding(_number, on="insert")


def _trailing_space(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.create(external_id=f"{external_id} ").status_code == 400


@fault("external ids", "create.similar-external-ids", _trailing_space, "collations of MySQL ignore spaces at the end")
def seventh_trailing_space_is_ignored() -> ASGIApp:
    """A create answers 400 where its external_id differs from another one in spaces at its end alone."""
    return colliding(lambda text: text.rstrip(" "), on="insert")


def _other_case(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.update(w.made()["id"], external_id=external_id.upper()).status_code == 400


@fault("external ids", "create.similar-external-ids", _other_case, "the update's validator asks with iexact")
def seventh_update_ignores_case() -> ASGIApp:
    """An update answers 400 where its external_id differs from another one in case alone."""
    return colliding(str.lower, on="update")


def _falsy(w: Wire) -> object:
    return w.made(external_id="0")["external_id"] is None


@fault("external ids", "body.external-id-verbatim", _falsy, 'empty("0") is true in PHP')
def seventh_external_id_zero_is_none() -> ASGIApp:
    """An external_id of "0" counts as none."""
    return reading(external_id=lambda text: None if text == "0" else text)


def _lost_to_stranger(w: Wire) -> object:
    external_id = token()
    first = w.made(external_id=external_id)["id"]
    w.changed(first, external_id=token())
    w.made(external_id=external_id)
    w.delete(first)
    return w.lookup(external_id).status_code == 404


@fault("external ids", "delete.leaves-others-alone", _lost_to_stranger, "the index is cleaned by the first external_id")
def seventh_delete_drops_former_external_id() -> ASGIApp:
    """A delete makes the external_id that the organization was created with unknown, whoever has it by now."""

    class Dropping(Store):
        def __init__(self) -> None:
            super().__init__()
            self.first: dict[str, str | None] = {}
            self.dropped: set[str | None] = set()

        def insert(self, organization: Organization) -> None:
            super().insert(organization)
            self.first[organization.id] = organization.external_id
            self.dropped.discard(organization.external_id)

        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            self.dropped.add(self.first.get(organization.id))

        def by_external_id(self, external_id: str) -> Organization | None:
            return None if external_id in self.dropped else super().by_external_id(external_id)

    return app(Dropping())


def remembering(remembers: Callable[[Object], object]) -> ASGIApp:
    """An app whose lookup still knows the former external_id after some updates, by their body."""
    former: dict[str, str] = {}

    class Remembering(Api):
        def update(self, call: Call) -> Response:
            known = self.store.by_id(call.path["id"])
            response = super().update(call)
            if known and known.external_id and remembers(json.loads(call.content)):
                former[known.external_id] = known.id
            return response

        def known_outside(self, external_id: str) -> Organization:
            try:
                return super().known_outside(external_id)
            except NotFound:
                if external_id not in former:
                    raise
                return self.known(former[external_id])

    return app(api=Remembering)


def _moved(w: Wire) -> object:
    old, new = token(), token()
    id = w.made(external_id=old)["id"]
    w.changed(id, external_id=new, metadata={"a": "b"})
    return w.lookup(old).status_code == 200


@fault("external ids", "lookup.after-change", _moved, "updates with metadata take a path of their own through the code")
def seventh_old_external_id_with_metadata() -> ASGIApp:
    """After an update of external_id and metadata together, the former external_id still finds the organization."""
    return remembering(lambda body: "external_id" in body and "metadata" in body)
