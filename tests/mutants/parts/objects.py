"""Changes of what JSON responses say: of each organization, each domain, each page, each error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from starlette.responses import Response

from emulator.refusals import Refusal
from emulator.responses import Responses
from tests.mutants.parts.middleware import Middleware, Reply, Request

Object: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Object], object]
EVERY_OPERATION = ("create", "get", "lookup", "list", "update")


def organizations(change: Change, operations: tuple[str, ...] = EVERY_OPERATION) -> type[Middleware]:
    """Changes every organization in the responses of these operations."""

    def alter(body: Object) -> None:
        for organization in body["data"] if body.get("object") == "list" else [body]:
            change(organization)

    return successes(alter, operations)


def domains(change: Change, operations: tuple[str, ...] = EVERY_OPERATION) -> type[Middleware]:
    """Changes every domain in the responses of these operations."""

    def alter(organization: Object) -> None:
        for domain in organization["domains"]:
            change(domain)

    return organizations(alter, operations)


def pages(change: Change) -> type[Middleware]:
    """Changes every page."""
    return successes(change, ("list",))


def successes(change: Change, operations: tuple[str, ...]) -> type[Middleware]:
    """Changes the bodies of successful responses."""
    return bodies(change, lambda request, reply: reply.succeeds and request.operation in operations)


def errors(change: Change, status: int, operations: tuple[str, ...] = (*EVERY_OPERATION, "delete")) -> type[Middleware]:
    """Changes the bodies of errors of one status."""
    return bodies(change, lambda request, reply: reply.status == status and request.operation in operations)


def bodies(change: Change, applies: Callable[[Request, Reply], bool]) -> type[Middleware]:
    """Changes JSON bodies where it applies."""

    class Altered(Middleware):
        def alter(self, request: Request, reply: Reply) -> None:
            body = reply.json if applies(request, reply) else None
            if body is not None:
                change(body)
                reply.json = body

    return Altered


def without(field: str) -> Change:
    """Takes a field away."""
    return lambda value: value.pop(field, None)


def put(field: str, value: object) -> Change:
    """Gives a field another value."""
    return lambda organization: organization.update({field: value})


def put_if_present(field: str, value: object) -> Change:
    """Gives a field another value where the field is shown."""
    return lambda organization: organization.update({field: value} if field in organization else {})


def convert(field: str, function: Callable[[Any], object]) -> Change:
    """Applies a function to the value of a field."""
    return lambda organization: organization.update({field: function(organization[field])})


def to_the_second(time: str) -> str:
    """A time without a fraction of a second."""
    return f"{time[:19]}Z"


def stale(field: str) -> Change:
    """Goes on showing the value that a field had when its object was first shown with it."""
    first: dict[str, object] = {}

    def change(value: Object) -> None:
        if field in value:
            value[field] = first.setdefault(value["id"], value[field])

    return change


def mixed_up(field: str) -> Change:
    """Shows the value of the object that was shown before."""
    seen: dict[str, Any] = {}

    def change(value: Object) -> None:
        own = value.get(field)
        if field in seen:
            value[field] = seen[field]
        seen[field] = own

    return change


class Refusing(Responses):
    """Responses whose refusals say something else."""

    def refused(self, refusal: Refusal) -> Response:
        """The refusal with the fields of `instead`."""
        return self.json(refusal.status, {**refusal.body(), **self.instead(refusal)})

    def instead(self, refusal: Refusal) -> Object:
        """What the body says in the place of the right fields."""
        return {}
