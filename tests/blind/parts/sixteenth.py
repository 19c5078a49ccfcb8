"""What the sixteenth set needs beside the other parts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from jsonschema import Draft202012Validator
from starlette.types import ASGIApp

from emulator.paging import OLDEST
from emulator.records import Organization
from emulator.store import Store
from emulator.validation import Rules
from tests.blind.parts.apps import app
from tests.blind.parts.messages import Object, Request
from tests.blind.parts.stores import EVERYBODY
from tests.mutants.planting import KEY


def keyed(request: Request) -> Request:
    """The request as if it had the key."""
    return request.with_header("authorization", f"Bearer {KEY}")


def everybody(store: Store, search: str = "", domain: str | None = None) -> list[Organization]:
    """All organizations that match, oldest first."""
    return store.newer(OLDEST, EVERYBODY, search, domain)


def widened(
    out: Callable[[Object], Object], back: Callable[[Object, Object], Object], *, update_alone: bool = False
) -> ASGIApp:
    """An app that checks another body (`out` of what was sent) than it takes (`back` of the checked and the sent)."""

    class Widened(Rules):
        def _body(self, validator: Draft202012Validator, content: bytes) -> dict[str, Any]:
            sent = self.parsed(content)
            if not isinstance(sent, dict) or (update_alone and validator is not self._update):
                return super()._body(validator, content)
            return back(super()._body(validator, json.dumps(out(sent)).encode()), sent)

    return app(rules=Widened())


def broken(content: bytes) -> bool:
    """Whether bytes are no JSON in UTF-8."""
    try:
        json.loads(content.decode())
    except ValueError:
        return True
    return False


def items(body: Object, name: str) -> list[Any]:
    """The items of an array in a body; none where it is no array."""
    found = body.get(name)
    return found if isinstance(found, list) else []


def named(body: Object) -> list[str]:
    """The domains that a body names, in either field."""
    stated = [each.get("domain") for each in items(body, "domain_data") if isinstance(each, dict)]
    return [name for name in [*stated, *items(body, "domains")] if isinstance(name, str)]
