"""Requests that may be refused, or read otherwise."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Mapping

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.idempotency import Replays
from emulator.records import Organization
from tests.blind.parts.apps import app
from tests.blind.parts.interception import strict
from tests.blind.parts.messages import Object, Reply, bad_request, pairs, unprocessable
from tests.blind.registry import control
from tests.blind.wire import Wire, token

KNOWN = {
    "name",
    "allow_profiles_outside_organization",
    "domains",
    "domain_data",
    "stripe_customer_id",
    "metadata",
    "external_id",
}


@control("bodies", "create.unknown-property is INFO", lambda w: w.create(**{f"x{token()}": 1}).status_code == 422)
def ninth_unknown_properties_are_refused() -> ASGIApp:
    """A create or an update with a property that is not documented answers 422."""

    def broken(body: Object) -> Reply | None:
        unknown = sorted(body.keys() - KNOWN)
        return unprocessable("property", "is not known") if unknown else None

    return strict(broken)


def _names(w: Wire) -> object:
    names = ("", "a\u0007b", "x" * 1001)
    return [w.create(name=name).status_code for name in names] == [422] * 3


@control("bodies", "create.empty-name is INFO; FACTS, Questions decided: control characters, very long names", _names)
def ninth_strict_names() -> ASGIApp:
    """A name that is empty, has a control character or more than 1,000 characters answers 422."""

    def broken(body: Object) -> Reply | None:
        name = body.get("name")
        if not isinstance(name, str):
            return None
        control_character = any(unicodedata.category(character) == "Cc" for character in name)
        return unprocessable("name") if not name or control_character or len(name) > 1000 else None

    return strict(broken)


def _eleven(w: Wire) -> object:
    many = w.create(metadata={f"key{at}": "v" for at in range(11)}).status_code
    return many == 400 and w.create(metadata={"town": "Zürich"}).status_code == 400


@control("metadata", "FACTS, Objects: an older guide says 10 pairs, ASCII only", _eleven, may_warn=True)
def ninth_metadata_by_the_older_guide() -> ASGIApp:
    """Metadata in a body with more than 10 pairs, or with anything but ASCII, answer 400 with invalid_metadata."""

    def broken(body: Object) -> Reply | None:
        found = pairs(body)
        ascii_only = all(isinstance(v, str) and (key + v).isascii() for key, v in found.items() if v is not None)
        schema_decides = any(not isinstance(v, str | None) for v in found.values())
        wrong = len(found) > 10 or not (ascii_only or schema_decides)
        return bad_request("invalid_metadata") if wrong else None

    return strict(broken)


def _null_keeps(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, metadata=None)["metadata"] == {"a": "1"}


@control("metadata", "update.metadata-null is INFO", _null_keeps)
def ninth_null_metadata_keep_all() -> ASGIApp:
    """Metadata of null in an update change nothing."""

    class Keeping(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            given = {name: v for name, v in body.items() if name != "metadata" or v is not None}
            return super().next_metadata(known, given)

    return app(changes=Keeping())


def _same_values(w: Wire) -> object:
    made = w.made(metadata={"a": "1"})
    return w.changed(made["id"], name="Blind", metadata={"a": "1"})["updated_at"] == made["updated_at"]


@control("updates", "update.moves-updated-at is about a change; nothing is changed here", _same_values)
def ninth_same_values_move_nothing() -> ASGIApp:
    """An update that sets the values which are there already leaves updated_at as it was."""

    class Comparing(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            new = super().updated(known, body)
            same = dataclasses.replace(new, updated_at=known.updated_at) == known
            return known if same else new

    return app(changes=Comparing())


def _two(w: Wire) -> object:
    answers = [
        w.http.post("/organizations", json={"name": "Blind"}, headers={"Idempotency-Key": key}) for key in [token()] * 2
    ]
    return answers[0].json()["id"] != answers[1].json()["id"]


@control("creates", "create.idempotency-replay is INFO", _two)
def ninth_idempotency_keys_are_ignored() -> ASGIApp:
    """An Idempotency-Key means nothing: each create makes an organization."""

    class Forgetful(Replays):
        def remember(self, key: str | None, body: Mapping[str, object], organization: Organization) -> None:
            del key, body, organization

    return app(replays=Forgetful())
