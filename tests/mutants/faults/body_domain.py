"""Broken domains in bodies that are accepted or ignored."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from emulator.api import Api, Call
from tests.mutants.parts.bodies import Json, converted, dropped, relaxed, states, when
from tests.mutants.parts.failures import fail_when
from tests.mutants.planting import mutant, plant


def is_list(kind: type) -> Callable[[Any], bool]:
    """Whether a value is an array of one type."""
    return lambda value: isinstance(value, list) and all(isinstance(each, kind) for each in value)


def any_state(schema: Json) -> None:
    """Takes any text for a state in domain_data."""
    schema["properties"]["domain_data"]["items"]["properties"]["state"] = {"type": "string"}


def state_is_optional(schema: Json) -> None:
    """Needs no state in an item of domain_data."""
    state = {"enum": ["pending", "verified"]}
    item = {"required": ["domain"], "properties": {"domain": {"type": "string"}, "state": state}}
    schema["properties"]["domain_data"]["items"].update(item)


def pending_by_default(body: Json) -> None:
    """Gives items of domain_data a state."""
    items = body.get("domain_data")
    if isinstance(items, list):
        body["domain_data"] = [{"state": "pending", **item} if isinstance(item, dict) else item for item in items]


def without_nulls(body: Json) -> None:
    """Drops null from domain_data."""
    items = body.get("domain_data")
    if isinstance(items, list):
        body["domain_data"] = [item for item in items if item is not None]


def texts_as_pending(body: Json) -> None:
    """Makes domains of the texts in domain_data."""
    items = body.get("domain_data")
    if isinstance(items, list):
        pending = ({"domain": item, "state": "pending"} if isinstance(item, str) else item for item in items)
        body["domain_data"] = [*pending]


def domain_data_of(content: bytes) -> list[Any]:
    """The domain_data in a body, empty where there are none."""
    try:
        body = json.loads(content)
    except ValueError:
        return []
    items = body.get("domain_data") if isinstance(body, dict) else None
    return items if isinstance(items, list) else []


# fmt: off
plant("domains-from-text", "body.domains-type", "One text will do for domains.",
      converted(when("domains", str, lambda value: [value])))
plant("domains-of-other-type-ignored", "body.domains-type", "domains that are no texts are ignored.",
      converted(dropped("domains", is_list(str))))

plant("domain-data-of-other-type-ignored", "body.domain-data-type", "domain_data that are no objects are ignored.",
      converted(dropped("domain_data", is_list(dict))))
plant("domain-data-from-one", "body.domain-data-type", "One object will do for domain_data.",
      converted(when("domain_data", dict, lambda value: [{"domain": "one.example.com", "state": "pending"}])))

plant("domain-data-incomplete", "body.domain-data-incomplete", "An item of domain_data is refused only without domain.",
      relaxed(state_is_optional))
plant("state-by-default", "body.domain-data-incomplete", "A state that is missing is pending.",
      converted(pending_by_default))

plant("states-unchecked", "body.domain-data-state", "Any text will do for a state.", relaxed(any_state))
plant("states-of-answers", "body.domain-data-state", "Every state that a response can show may be sent.",
      relaxed(states("pending", "verified", "failed", "legacy_verified", "unverified")))
plant("domain-data-null-item-dropped", "body.domain-data-type", "null in domain_data is dropped.",
      converted(without_nulls))
plant("domain-data-of-texts", "body.domain-data-type", "A text in domain_data counts as a pending domain.",
      converted(texts_as_pending))
# fmt: on


@mutant("domain-data-null-item-fails", "body.domain-data-type")
class DomainDataNullItemFails(Api):
    """null in domain_data makes the server fail, after it has made the organization."""

    def create(self, call: Call) -> Response:
        if None not in domain_data_of(call.content):
            return super().create(call)
        self.store.insert(self.changes.created({"name": json.loads(call.content)["name"]}))
        return self.responses.failed(500, "Internal error")

    def update(self, call: Call) -> Response:
        fail_when(None in domain_data_of(call.content))
        return super().update(call)


@mutant("domain-data-number-fails", "body.domain-data-type")
class DomainDataNumberFails(Api):
    """A number in domain_data makes the server fail."""

    def create(self, call: Call) -> Response:
        fail_when(any(isinstance(item, int) for item in domain_data_of(call.content)))
        return super().create(call)
