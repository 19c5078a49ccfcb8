"""Requests of which nothing says what they change, and refusals in other words."""

from __future__ import annotations

import json
from dataclasses import replace

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Organization
from emulator.refusals import NotFound
from tests.blind.controls.third_requests import READING
from tests.blind.parts.apps import app, reading
from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.messages import Reply, Request, reply
from tests.blind.registry import control
from tests.blind.wire import Wire, token


def _moved(w: Wire) -> bool:
    made = w.made()
    return bool(w.changed(made["id"])["updated_at"] != made["updated_at"])


@control(READING, "nothing says whether {} is a change", _moved)
def an_empty_update_is_a_change() -> ASGIApp:
    """An update with `{}` moves updated_at."""

    class Moving(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            changed = self.changes.updated(known, self.rules.update(call.content))
            self.store.update(changed)
            return self.responses.found(changed)

    return app(api=Moving)


def _not_moved(w: Wire) -> bool:
    made = w.made(metadata={"a": "1"})
    return bool(w.changed(made["id"], name=made["name"], metadata={"a": "1"})["updated_at"] == made["updated_at"])


@control(READING, "nothing says that the same values are a change", _not_moved)
def an_update_without_effect_is_no_change() -> ASGIApp:
    """An update that changes no value leaves updated_at."""

    class Comparing(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            changed = self.changes.updated(known, self.rules.update(call.content))
            if replace(changed, updated_at=known.updated_at) == known:
                return self.responses.found(known)
            return super().update(call)

    return app(api=Comparing)


def _says_more(w: Wire) -> bool:
    return bool(w.other(None).get("/organizations").headers.get("www-authenticate") == "Bearer")


@control(READING, "D: 401 with the message; more is allowed", _says_more)
def refusals_of_keys_say_more() -> ASGIApp:
    """A 401 has WWW-Authenticate and more properties."""

    def more(_: Request, response: Reply) -> Reply:
        if response.status != 401:
            return response
        value = {"message": "Unauthorized", "error": "unauthorized", "error_description": "No key."}
        return response.with_json(value).with_header("www-authenticate", "Bearer")

    return on_response(more)


def _says_nothing_of_unknown(w: Wire) -> bool:
    return bool(json.loads(w.get("org_unknown").text) == {"message": "Not Found"})


@control(READING, "O: a 404 has a message", _says_nothing_of_unknown, may_warn=True)
def what_is_not_found_is_not_named() -> ASGIApp:
    """A 404 has nothing but its message."""

    class Short(Api):
        def known(self, id: str) -> Organization:
            try:
                return super().known(id)
            except NotFound as error:
                error.body = lambda: {"message": "Not Found"}  # type: ignore[method-assign]
                raise

    return app(api=Short)


def _too_many(w: Wire) -> bool:
    codes = [w.list(limit=1).status_code for _ in range(80)]
    return codes.count(429) == 2 and {*codes} == {200, 429}


@control(READING, "D: 429 when there are too many requests", _too_many)
def now_and_then_there_are_too_many_requests() -> ASGIApp:
    """Every fortieth request is answered with 429, to be repeated after a second at most."""
    counted = [0]

    def limited(request: Request) -> Request | Reply:
        counted[0] += 1
        if counted[0] % 40:
            return request
        return reply(429, {"message": "Rate limit exceeded."}).with_header("retry-after", "0")

    return on_request(limited)


def _unique_token(w: Wire) -> bool:
    text = token()
    return bool(w.made(name=f"  {text}  ")["name"] == text)


@control(READING, "FACTS: white space around a name is SHOULD", _unique_token, may_warn=True)
def white_space_around_a_name_goes() -> ASGIApp:
    """White space around a name is cut off."""
    return reading(name=lambda name: name.strip() or name)
