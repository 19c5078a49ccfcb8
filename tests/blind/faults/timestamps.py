"""Timestamps."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing, showing_domains
from tests.blind.parts.interception import reshaped
from tests.blind.parts.messages import Object, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def _domain(w: Wire) -> Object:
    return dict(w.made(domain_data=verified(domain()))["domains"][0])


def timed(write: Callable[[int], str]) -> ASGIApp:
    """An app that writes moments in another way."""

    class Timed(Responses):
        def timestamp(self, moment: int) -> str:
            return write(moment)

    return app(responses=Timed())


@fault(
    "timestamps",
    "organization.created-at",
    lambda w: not w.made()["created_at"].endswith("Z"),
    "datetime.isoformat() without a zone",
)
def timestamps_without_zone() -> ASGIApp:
    """Timestamps say no time zone."""
    return timed(lambda moment: Responses().timestamp(moment)[:-1])


@fault(
    "timestamps",
    "organization.created-at",
    lambda w: isinstance(w.made(external_id=(e := token())) and w.lookup(e).json()["created_at"], int),
    "a serializer of its own",
)
def lookup_timestamps_are_numbers() -> ASGIApp:
    """A lookup shows moments as milliseconds since 1970."""

    def number(text: str) -> int:
        return int(datetime.fromisoformat(text).timestamp() * 1000)

    return reshaped(
        lambda shown: {**shown, "created_at": number(shown["created_at"]), "updated_at": number(shown["updated_at"])},
        "lookup",
    )


def _standing(w: Wire) -> object:
    first = w.made()["created_at"]
    time.sleep(1.2)
    return w.made()["created_at"] == first


@fault("timestamps", "organization.clock", _standing, "Django's default=now() called once")
def created_at_is_start_of_server() -> ASGIApp:
    """created_at is the moment when the server started."""
    start = Changes().now()

    class Started(Changes):
        def created(self, body: Body) -> Organization:
            return dataclasses.replace(super().created(body), created_at=start, updated_at=start)

    return app(changes=Started())


@fault("timestamps", "organization.updated-at", lambda w: w.made()["updated_at"] is None, "set by the first update")
def updated_at_is_null_at_first() -> ASGIApp:
    """updated_at is null until the first update."""
    return showing(
        lambda shown, o: {**shown, "updated_at": None if o.updated_at == o.created_at else shown["updated_at"]}
    )


@fault("timestamps", "domain.created-at", lambda w: "created_at" not in _domain(w), "R 2025 had none; FACTS: MUST now")
def domain_lacks_timestamps() -> ASGIApp:
    """Domains have neither created_at nor updated_at."""
    return showing_domains(lambda shown, _: without(shown, "created_at", "updated_at"))


def _reread(w: Wire) -> object:
    id = w.made()["id"]
    first = w.shown(id)["updated_at"]
    time.sleep(0.02)
    return w.shown(id)["updated_at"] != first


@fault("timestamps", "get.current-state", _reread, "a touch on each access")
def get_moves_updated_at() -> ASGIApp:
    """Each get moves updated_at."""

    class Touching(Api):
        def get(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            touched = self.changes.updated(known, {})
            self.store.update(touched)
            return self.responses.found(touched)

    return app(api=Touching)


@fault(
    "timestamps",
    "organization.updated-at",
    lambda w: w.changed(w.made()["id"], name="New")["updated_at"].count("-") != 2,
    "a format with slashes",
)
def updated_at_after_update_is_local_format() -> ASGIApp:
    """After an update, updated_at is written as day/month/year."""

    def local(shown: Object, organization: Organization) -> Object:
        if organization.updated_at == organization.created_at:
            return shown
        moment = datetime.fromtimestamp(organization.updated_at / 1000, UTC)
        return {**shown, "updated_at": f"{moment:%d/%m/%Y %H:%M:%S}"}

    return showing(local)
