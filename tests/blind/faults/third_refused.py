"""Refused requests that leave something behind, and requests that are written in another legal way."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import Refusal, Taken
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting
from tests.blind.parts.messages import Reply, Request, bad_request, crash
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, together, token
from tests.mutants.planting import KEY

REFUSED = "refused requests"


def _with_key(request: Request) -> Request:
    return request.with_header("authorization", f"Bearer {KEY}")


def carried_out_first(operation: str) -> ASGIApp:
    """An app that looks at the key after an operation was carried out."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if response.status == 401 and request.operation == operation:
            await forward(_with_key(request))
        return response

    return intercepting(handle)


def _made_without(w: Wire) -> bool:
    text = token()
    refused = w.other(None).post(ORGANIZATIONS, json={"name": text})
    return refused.status_code == 401 and len(w.ids(search=text)) == 1


@fault(REFUSED, "none: without a key nothing happens", _made_without, "a check after the handler")
def a_create_without_a_key_creates() -> ASGIApp:
    """A create without a key is answered with 401, and carried out."""
    return carried_out_first("create")


def _gone_without(w: Wire) -> bool:
    id = w.made()["id"]
    refused = w.other(None).delete(f"{ORGANIZATIONS}/{id}")
    return refused.status_code == 401 and w.get(id).status_code == 404


@fault(REFUSED, "none: without a key nothing happens", _gone_without, "a check after the handler")
def a_delete_without_a_key_deletes() -> ASGIApp:
    """A delete without a key is answered with 401, and carried out."""
    return carried_out_first("delete")


def _changed_without(w: Wire) -> bool:
    id = w.made()["id"]
    refused = w.other(None).put(f"{ORGANIZATIONS}/{id}", json={"name": "Other"})
    return refused.status_code == 401 and w.shown(id)["name"] == "Other"


@fault(REFUSED, "none: without a key nothing happens", _changed_without, "a check after the handler")
def an_update_without_a_key_updates() -> ASGIApp:
    """An update without a key is answered with 401, and carried out."""
    return carried_out_first("update")


def _reserved(w: Wire) -> bool:
    text = token()
    w.create(external_id=text, metadata={"a": 5})
    return w.create(external_id=text).status_code == 400


@fault(REFUSED, "none: a refused create leaves nothing", _reserved, "a lock that is never released")
def a_refused_create_keeps_the_external_id() -> ASGIApp:
    """The external_id of a refused create cannot be used any more."""
    reserved: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation == "create" and request.authorized else None
        text = body.get("external_id") if isinstance(body, dict) else None
        if isinstance(text, str) and text in reserved:
            return bad_request("external_id_already_used")
        response = await forward(request)
        if isinstance(text, str) and response.status in (400, 422):
            reserved.add(text)
        return response

    return intercepting(handle)


def _moved(w: Wire) -> bool:
    made = w.made()
    refused = w.update(made["id"], name=5)
    return refused.status_code == 422 and w.shown(made["id"])["updated_at"] != made["updated_at"]


class Leaving(Api):
    """An API in which a refused update leaves something behind."""

    def left(self, known: Organization, refusal: Refusal) -> Organization:
        """The organization after the refusal."""
        raise NotImplementedError

    def update(self, call: Call) -> Response:
        """Refuses, and leaves something."""
        known = self.known(call.path["id"])
        try:
            return super().update(call)
        except Refusal as refusal:
            self.store.update(self.left(known, refusal))
            return self.responses.refused(refusal)


@fault(REFUSED, "none: a refused update changes nothing", _moved, "a row that is touched before it is checked")
def a_refused_update_moves_updated_at() -> ASGIApp:
    """A refused update moves updated_at."""

    class Touching(Leaving):
        def left(self, known: Organization, refusal: Refusal) -> Organization:
            return replace(known, updated_at=self.changes.moved(known.updated_at))

    return app(api=Touching)


def _lost(w: Wire) -> bool:
    one, other = token(), token()
    w.made(external_id=one)
    id = w.made(external_id=other)["id"]
    return w.update(id, external_id=one).status_code == 400 and w.shown(id)["external_id"] is None


@fault(REFUSED, "none: a refused update changes nothing", _lost, "released first, then taken")
def a_refused_external_id_clears_the_own_one() -> ASGIApp:
    """An update to an external_id that is taken clears the organization's own."""

    class Clearing(Leaving):
        def left(self, known: Organization, refusal: Refusal) -> Organization:
            taken = isinstance(refusal, Taken) and refusal.field == "external_id"
            return replace(known, external_id=None) if taken else known

    return app(api=Clearing)


def _half_race(w: Wire) -> bool:
    body = {"external_id": token()}
    codes = sorted(response.status_code for response in together(*[lambda: w.create(**body)] * 4))
    return bool(codes[0] == 201 and codes[-1] == 500)


@fault(REFUSED, "none: a taken external_id answers 400", _half_race, "a violated constraint that nobody catches")
def the_loser_of_a_race_crashes() -> ASGIApp:
    """Of creates at once with the same external_id all but one are answered with 500."""
    running: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        body = request.json if request.operation == "create" else None
        text = body.get("external_id") if isinstance(body, dict) else None
        if not isinstance(text, str):
            return await forward(request)
        if text in running:
            return crash()
        running.add(text)
        try:
            await asyncio.sleep(0.02)
            return await forward(request)
        finally:
            running.discard(text)

    return intercepting(handle)


def _next_fails(w: Wire) -> bool:
    w.create(name=5)
    return w.list().status_code == 400


@fault(REFUSED, "none: each request stands alone", _next_fails, "a body that was not read to its end")
def a_refused_body_spoils_the_connection() -> ASGIApp:
    """After a refused body, the next request on the same connection is answered with 400."""
    spoiled: set[tuple[str, int]] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.client in spoiled:
            spoiled.discard(request.client)
            return bad_request("bad_request_line")
        response = await forward(request)
        if request.method in ("POST", "PUT") and response.status == 422:
            spoiled.add(request.client)
        return response

    return intercepting(handle)
