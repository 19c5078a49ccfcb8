"""Refusals that leave traces, and refusals of what is valid."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import InvalidMetadata, Taken
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import strict
from tests.blind.parts.messages import bad_request, pairs, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire, token

KIND = "fifth: refusals"


def half_done(w: Wire) -> bool:
    taken = token()
    w.made(external_id=taken)
    id = w.made(name="A")["id"]
    refused = w.update(id, name="B", external_id=taken).status_code == 400
    return bool(refused and w.shown(id)["name"] == "B")


@fault(KIND, "update.refusal-changes-nothing", half_done, "two statements without a transaction")
def fifth_refused_update_keeps_the_new_name() -> ASGIApp:
    """An update that is refused for its external_id has set the name."""

    class Stepwise(Api):
        def update(self, call: Call) -> Response:
            known, body = self.known(call.path["id"]), self.rules.update(call.content)
            try:
                return super().update(call)
            except Taken as refusal:
                self.store.update(replace(known, name=body.get("name", known.name)))
                return self.responses.refused(refusal)

    return app(api=Stepwise)


def left_behind(w: Wire) -> bool:
    taken, name = token(), token()
    w.made(external_id=taken)
    return w.create(external_id=taken, name=name).status_code == 400 and len(w.ids(search=name)) == 1


@fault(KIND, "create.refusal-leaves-nothing", left_behind, "an insert, then the identifiers")
def fifth_refused_create_leaves_an_organization() -> ASGIApp:
    """A create that is refused for its external_id leaves an organization without one."""

    class Stepwise(Store):
        def insert(self, organization: Organization) -> None:
            taken = organization.external_id and self.by_external_id(organization.external_id)
            super().insert(replace(organization, external_id=None) if taken else organization)

    class Late(Api):
        def create(self, call: Call) -> Response:
            external_id = self.rules.create(call.content).get("external_id")
            taken = external_id and self.store.by_external_id(external_id)
            response = super().create(call)
            return self.responses.refused(Taken("external_id")) if taken else response

    return app(Stepwise(), api=Late)


def left_by_metadata(w: Wire) -> bool:
    id = w.made(name="A")["id"]
    refused = w.update(id, name="B", metadata={"a" * 41: "b"}).status_code == 400
    return bool(refused and w.shown(id)["name"] == "B")


@fault(KIND, "update.refusal-changes-nothing", left_by_metadata, "metadata that are checked where they are saved")
def fifth_invalid_metadata_refused_after_the_name() -> ASGIApp:
    """An update that is refused for its metadata has set the name."""

    class Stepwise(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            try:
                return super().update(call)
            except InvalidMetadata as refusal:
                self.store.update(replace(known, name=json.loads(call.content).get("name", known.name)))
                return self.responses.refused(refusal)

    return app(api=Stepwise)


@fault(
    KIND,
    "update.accepts-valid-bodies",
    lambda w: w.update(w.made()["id"], metadata={"a": ""}).status_code == 400,
    "a rule that values must not be blank",
)
def fifth_update_refuses_empty_metadata_values() -> ASGIApp:
    """An update with an empty value in metadata answers 400."""
    return strict(lambda body: bad_request("invalid_metadata") if "" in pairs(body).values() else None, "update")


@fault(
    KIND,
    "create.accepts-valid-bodies",
    lambda w: w.create(metadata={"a": "b" * 300}).status_code == 400,
    "VARCHAR(255)",
)
def fifth_create_refuses_values_above_255() -> ASGIApp:
    """A create with a value of more than 255 characters in metadata answers 400."""
    return strict(
        lambda body: (
            bad_request("invalid_metadata")
            if any(isinstance(v, str) and 255 < len(v) <= 600 for v in pairs(body).values())
            else None
        ),
        "create",
    )


@fault(
    KIND,
    "create.accepts-valid-bodies",
    lambda w: w.create(external_id=f"{token()}/a").status_code == 422,
    "a pattern for what is safe in a path",
)
def fifth_external_ids_of_word_characters() -> ASGIApp:
    """An external_id with other characters than letters, digits and -_.:@ is refused."""
    return strict(
        lambda body: (
            unprocessable("external_id")
            if isinstance(given := body.get("external_id"), str) and not re.fullmatch(r"[\w.:@-]*", given)
            else None
        )
    )


@fault(
    KIND,
    "create.accepts-valid-bodies",
    lambda w: w.create(name="A").status_code == 422,
    "a minimum of two characters in a form",
)
def fifth_names_of_one_character_refused() -> ASGIApp:
    """A name of one character is refused."""
    return strict(
        lambda body: unprocessable("name") if isinstance(name := body.get("name"), str) and len(name) == 1 else None
    )
