"""Wires that change what JSON answers say: each organization, each domain, each page, each error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from tests.mutants.wire_tap import Reply, Request, Wire

Object: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Object], object]
Spoil: TypeAlias = Callable[[Reply], object]
EVERY = ("create", "get", "lookup", "list", "update")


def organizations(change: Change, operations: tuple[str, ...] = EVERY) -> type[Wire]:
    """Changes every organization in the answers of these operations."""

    def alter(body: Object) -> None:
        for organization in body["data"] if body.get("object") == "list" else [body]:
            change(organization)

    return successes(alter, operations)


def domains(change: Change, operations: tuple[str, ...] = EVERY) -> type[Wire]:
    """Changes every domain in the answers of these operations."""

    def alter(organization: Object) -> None:
        for domain in organization["domains"]:
            change(domain)

    return organizations(alter, operations)


def pages(change: Change) -> type[Wire]:
    """Changes every page."""
    return successes(change, ("list",))


def successes(change: Change, operations: tuple[str, ...]) -> type[Wire]:
    """Changes the bodies of successful answers."""
    return bodies(change, lambda request, reply: reply.succeeds and request.operation in operations)


def errors(change: Change, status: int, operations: tuple[str, ...] = (*EVERY, "delete")) -> type[Wire]:
    """Changes the bodies of errors of one status."""
    return bodies(change, lambda request, reply: reply.status == status and request.operation in operations)


def bodies(change: Change, applies: Callable[[Request, Reply], bool]) -> type[Wire]:
    """Changes JSON bodies where it applies."""

    class Altered(Wire):
        def alter(self, request: Request, reply: Reply) -> None:
            body = reply.json if applies(request, reply) else None
            if body is not None:
                change(body)
                reply.json = body

    return Altered


def replies(change: Spoil, status: int, operation: str = "") -> type[Wire]:
    """Changes answers of one status, of one operation or of all."""

    class Changed(Wire):
        def alter(self, request: Request, reply: Reply) -> None:
            if reply.status == status and operation in ("", request.operation):
                change(reply)

    return Changed


def without(field: str) -> Change:
    """Takes a field away."""
    return lambda value: value.pop(field, None)


def put(field: str, value: object) -> Change:
    """Gives a field another value."""
    return lambda organization: organization.update({field: value})


def put_if_there(field: str, value: object) -> Change:
    """Gives a field another value where there is the field."""
    return lambda organization: organization.update({field: value} if field in organization else {})


def through(field: str, function: Callable[[Any], object]) -> Change:
    """Leads the value of a field through a function."""
    return lambda organization: organization.update({field: function(organization[field])})


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
