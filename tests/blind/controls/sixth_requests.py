"""Requests that are taken or refused where nothing says which."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.idempotency import Replays
from emulator.records import Organization
from tests.blind.parts.apps import app
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs, unprocessable
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, token, verified

ALLOW = "allow_profiles_outside_organization"
KNOWN = {"name", "domain_data", "domains", "metadata", "external_id", "stripe_customer_id", ALLOW}


@control("bodies", "create.unknown-property is INFO", lambda w: w.create(color="red").status_code == 422)
def sixth_unknown_property_is_refused() -> ASGIApp:
    """A body with a property that no document names answers 422."""
    return strict(lambda body: unprocessable("color") if set(body) - KNOWN else None)


@control("bodies", "create.empty-name is INFO", lambda w: w.create(name="").status_code == 422)
def sixth_empty_name_is_refused() -> ASGIApp:
    """An empty name answers 422."""
    return strict(lambda body: unprocessable("name") if body.get("name") == "" else None)


def _made_twice(w: Wire) -> object:
    body, key = json.dumps({"name": token()}), token()
    first, second = (w.post(body, Idempotency_Key=key).json() for _ in range(2))
    return first["id"] != second["id"]


@control("create", "create.idempotency-replay is INFO", _made_twice)
def sixth_idempotency_key_is_ignored() -> ASGIApp:
    """An Idempotency-Key means nothing."""

    class Forgetful(Replays):
        def recall(self, key: str | None, body: Mapping[str, Any]) -> Organization | None:
            return None

    return app(replays=Forgetful())


def _metadata_stay(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return w.changed(id, metadata=None)["metadata"] == {"a": "b"}


@control("update", "update.metadata-null is INFO", _metadata_stay)
def sixth_metadata_of_null_change_nothing() -> ASGIApp:
    """Metadata of null in an update leave the pairs as they were."""

    class Keeping(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            nothing = body.get("metadata", "") is None
            return known.metadata if nothing else super().next_metadata(known, body)

    return app(changes=Keeping())


def _names(body: Object) -> list[str]:
    items = body.get("domain_data")
    return [str(each.get("domain")) for each in items if isinstance(each, dict)] if isinstance(items, list) else []


def _twice(w: Wire) -> object:
    name = domain()
    return w.update(w.made()["id"], domain_data=verified(name, name)).status_code == 422


@control("domains", "update.domain-twice is INFO", _twice)
def sixth_domain_twice_is_refused() -> ASGIApp:
    """An update that gives a domain twice answers 422."""
    return strict(
        lambda body: unprocessable("domain_data") if len(set(_names(body))) < len(_names(body)) else None, "update"
    )


def _unmoved(w: Wire) -> object:
    made = w.made(name="Same", metadata={"a": "b"})
    return w.changed(made["id"], name="Same", metadata={"a": "b"})["updated_at"] == made["updated_at"]


@control("update", "update.moves-updated-at: a change moves it", _unmoved)
def sixth_same_values_are_no_change() -> ASGIApp:
    """An update to the values that the organization has already leaves updated_at as it was."""

    def changed(made: Organization, known: Organization, _: Body) -> Organization:
        same = dataclasses.replace(made, updated_at=known.updated_at) == known
        return known if same else made

    return updating(changed)


def _plain(text: object) -> bool:
    if not isinstance(text, str):
        return True
    return len(text) <= 255 and not any(unicodedata.category(character) in ("Cc", "Cs") for character in text)


@control(
    "bodies",
    "FACTS: control characters and very long names may be refused with 4xx",
    lambda w: w.create(name="a\tb").status_code == 422,
)
def sixth_control_characters_and_long_names_are_refused() -> ASGIApp:
    """A name with a control character or a lone surrogate, or of more than 255 characters, answers 422."""
    return strict(lambda body: None if _plain(body.get("name")) else unprocessable("name"))


def _beyond_guide(body: Object) -> Reply | None:
    found = pairs(body)
    if len(found) > 10 or not all(f"{key}{value}".isascii() for key, value in found.items()):
        return bad_request("invalid_metadata")
    given = body.get("external_id")
    return unprocessable("external_id") if isinstance(given, str) and len(given) > 64 else None


@control(
    "limits",
    "FACTS: an older guide's bounds, ten pairs of ASCII and 64 characters of external_id, must be enough",
    lambda w: w.create(external_id=token().ljust(65, "x")).status_code == 422,
    may_warn=True,
)
def sixth_bounds_of_the_guide() -> ASGIApp:
    """More than ten pairs, metadata that are not ASCII, and an external_id of more than 64 characters are refused."""
    return strict(_beyond_guide)


def _wrong_types(request: Request) -> bool:
    body = request.json
    given = body.get("metadata") if isinstance(body, dict) else None
    return given is not None and not (isinstance(given, dict) and all(isinstance(v, str) for v in given.values()))


@control(
    "bodies",
    "body.metadata-type: refused, 422 or 400",
    lambda w: w.create(metadata={"a": 1}).status_code == 422,
)
def sixth_wrong_type_of_metadata_answers_422() -> ASGIApp:
    """Metadata of a wrong type answer 422."""
    return on_response(
        lambda request, response: (
            unprocessable("metadata") if response.status == 400 and _wrong_types(request) else response
        )
    )


@control(
    "update",
    "no source says whether an unknown id or an invalid body is answered first",
    lambda w: w.update("org_01ARZ3NDEKTSV4RRFFQ69G5FAV", name=7).status_code == 422,
)
def sixth_body_is_judged_before_id() -> ASGIApp:
    """An update with an invalid body answers 422, also where the id is unknown."""

    class Judging(Api):
        def update(self, call: Call) -> Response:
            self.rules.update(call.content)
            return super().update(call)

    return app(api=Judging)


@control(
    "bodies",
    "create.accepts-dot-segments is SHOULD",
    lambda w: w.create(external_id="..").status_code == 422,
    may_warn=True,
)
def sixth_dot_segments_are_refused() -> ASGIApp:
    """An external_id of . or .. answers 422."""
    return strict(lambda body: unprocessable("external_id") if body.get("external_id") in (".", "..") else None)
