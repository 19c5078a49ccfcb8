"""Targets that behave in an unusual way and within the contract."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from emulator.api import Api, Call
from emulator.changes import Changes
from emulator.paging import NEWEST, Page, Pages
from emulator.records import Organization
from emulator.refusals import Fault, InvalidMetadata, InvalidParameters
from emulator.store import Store
from emulator.validation import Listing, Rules
from tests.controls.peculiarity import control, peculiar
from tests.mutants.parts.middleware import Middleware, Reply, Request
from tests.mutants.planting import KEY

MINUTES = 10 * 60 * 1000
DOCUMENTED = {
    "name", "domains", "domain_data", "metadata", "external_id", "stripe_customer_id",
    "allow_profiles_outside_organization",
}  # fmt: skip


NEVER_NULL = ("domains", "domain_data", "allow_profiles_outside_organization")

# ---- Rate limits ----------------------------------------------------------------------------------


def limited(retry_after: Callable[[], dict[str, str]]) -> type[Middleware]:
    """Answers every 60th request with 429, without carrying it out."""

    class Limited(Middleware):
        async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
            if request.number % 60:
                return await super().response(request, scope, receive)
            return Reply(429, retry_after(), b"Slow down.")

    return Limited


def in_a_second() -> dict[str, str]:
    """Retry-After as a date."""
    return {"retry-after": formatdate(time.time() + 1, usegmt=True)}


control("Every 60th answer is 429 for a second.", "rate-limit", limited(lambda: {"retry-after": "1"}))
control("Every 60th answer is 429 until a date.", "rate-limit-until-a-date", limited(in_a_second))
control("Every 60th answer is 429 and no more.", "rate-limit-without-a-word", limited(dict))


# ---- Clocks and cursors ------------------------------------------------------------------------------


class ClockAhead(Changes):
    """The clock of the target is ten minutes ahead."""

    def now(self) -> int:
        return super().now() + MINUTES


class ClockBehind(Changes):
    """The clock of the target is ten minutes behind."""

    def now(self) -> int:
        return super().now() - MINUTES


class SameSecond(Changes):
    """The clock of the target shows whole seconds, so that many organizations are created in one."""

    def now(self) -> int:
        return super().now() // 1000 * 1000

    def moved(self, previous: int) -> int:
        return self.now()


class OpaqueCursors(Pages):
    """Cursors are no ids, and ids no cursors."""

    def page(self, listing: Listing) -> Page:
        opened = dataclasses.replace(listing, before=self._id(listing.before), after=self._id(listing.after))
        page = super().page(opened)
        return dataclasses.replace(page, before=self._cursor(page.before), after=self._cursor(page.after))

    def _cursor(self, identifier: str | None) -> str | None:
        return base64.urlsafe_b64encode(identifier.encode()).decode() if identifier else None

    def _id(self, cursor: str | None) -> str | None:
        try:
            return base64.b64decode(cursor, altchars=b"-_", validate=True).decode() if cursor else None
        except ValueError:
            raise InvalidParameters([Fault("unknown_cursor", "after", "no cursor")]) from None


control("The clock is ahead.", "clock-ahead", ClockAhead)
control("The clock is behind.", "clock-behind", ClockBehind)
control("Many organizations are created in the same second.", "same-second", SameSecond)
control("Cursors are opaque.", "opaque-cursors", OpaqueCursors)


# ---- Stricter and laxer --------------------------------------------------------------------------------


class OlderGuide(Rules):
    """Takes 10 pairs of ASCII metadata and 64 characters of external_id, as an older guide says."""

    def create(self, content: bytes) -> Any:
        return self._bounded(super().create(content))

    def update(self, content: bytes) -> Any:
        return self._bounded(super().update(content))

    def _bounded(self, body: Any) -> Any:
        metadata = body.get("metadata") or {}
        if len(metadata) > 10 or not all(f"{key}{value}".isascii() for key, value in metadata.items()):
            raise InvalidMetadata("metadata must have at most 10 pairs of ASCII.")
        if len(body.get("external_id") or "") > 64:
            raise InvalidParameters([Fault("too_long", "external_id", "external_id has at most 64 characters")])
        return body


class ToTheLetter(Rules):
    """Refuses null where the vendor's document does not allow it, and properties that it does not know."""

    def validated(self, content: bytes, body: Any) -> Any:
        """The body, unless a raw value in it is refused."""
        given = json.loads(content)
        nulls = {"domains", "domain_data", "allow_profiles_outside_organization"}
        wrong = [
            field for field, value in given.items() if field not in DOCUMENTED or (value is None and field in nulls)
        ]
        if wrong:
            raise InvalidParameters([Fault("invalid", field, f"{field} is not allowed") for field in wrong])
        return body

    def create(self, content: bytes) -> Any:
        return self.validated(content, super().create(content))

    def update(self, content: bytes) -> Any:
        return self.validated(content, super().update(content))


class NoIdempotency(Api):
    """Takes no notice of an Idempotency-Key."""

    def create(self, call: Call) -> Response:
        return super().create(dataclasses.replace(call, headers=type(call.headers)({})))


class DomainsOfOneOwner(Api):
    """Refuses with 409 a domain that another organization has."""

    def create(self, call: Call) -> Response:
        self.rules.create(call.content)
        return self._conflict(call, "") or super().create(call)

    def update(self, call: Call) -> Response:
        known = self.known(call.path["id"])
        self.rules.update(call.content)
        return self._conflict(call, known.id) or super().update(call)

    def _conflict(self, call: Call, own: str) -> Response | None:
        body = json.loads(call.content)
        names = [*(body.get("domains") or ()), *(item["domain"] for item in body.get("domain_data") or ())]
        holders = {holder.id for name in names for holder in self.store.older(NEWEST, 5, "", name)}
        return self.responses.json(409, {"message": "Somebody has this domain."}) if holders - {own} else None


class TrimmedNames(Changes):
    """Takes the white space off the ends of a name."""

    def created(self, body: Any) -> Organization:
        organization = super().created(body)
        return dataclasses.replace(organization, name=organization.name.strip())


control("An older guide holds.", "older-guide", OlderGuide)
control("The vendor's document holds to the letter.", "to-the-letter", ToTheLetter)
control("Idempotency keys are ignored.", "no-idempotency", NoIdempotency)
control("A domain has one owner.", "domains-of-one-owner", DomainsOfOneOwner)
control("Names are trimmed.", "trimmed-names", TrimmedNames)


# ---- Environments ----------------------------------------------------------------------------------------


@peculiar("crowded")
def crowded() -> ASGIApp:
    """Ten thousand organizations are there, half of them with a name that the suite uses."""
    store = Store()
    store.fill(5_000)
    store.fill(5_000, name="Acme & Söhne")
    return Api(store, KEY).app()


@contextlib.contextmanager
def busy(url: str) -> Iterator[None]:
    """Another client creates, changes and deletes organizations of its own all the time."""
    with subprocess.Popen([sys.executable, "-m", "tests.controls.neighbour", url, KEY]) as neighbour:
        yield
        neighbour.terminate()


@peculiar("in-company", company=busy)
def in_company() -> ASGIApp:
    """Others are at work in the same environment."""
    return Api(Store(), KEY).app()


@peculiar("below-a-path", prefix="/v1")
def below_a_path() -> ASGIApp:
    """The API answers below a path."""
    app = Api(Store(), KEY).app()

    async def stripped(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix("/v1")
        await app({**scope, "path": path, "raw_path": scope["raw_path"].removeprefix(b"/v1")}, receive, send)

    return stripped


@peculiar("lists-that-lag")
def lists_that_lag() -> ASGIApp:
    """Lists and searches show the environment as it was a second ago."""
    return Lagging(Store())


class Lagging:
    """Answers lists from a copy of the store that is a second old."""

    LAG = 1.0

    def __init__(self, store: Store) -> None:
        self._store = store
        self._app = Api(store, KEY).app()
        self._history: list[tuple[float, list[Organization]]] = [(0.0, [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if (scope["method"], scope["path"]) == ("GET", "/organizations"):
            await Api(self._as_it_was(), KEY).app()(scope, receive, send)
            return
        await self._app(scope, receive, send)
        if scope["method"] != "GET":
            self._history.append((time.monotonic(), self._store.older(NEWEST, 1_000, "", None)))

    def _as_it_was(self) -> Store:
        moment = time.monotonic() - self.LAG
        earlier = [organizations for written, organizations in self._history if written <= moment]
        store = Store()
        for organization in earlier[-1]:
            store.insert(organization)
        return store
