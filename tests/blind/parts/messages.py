"""Requests and replies that middleware holds in hand, and the usual refusals."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.mutants.planting import KEY

Json: TypeAlias = Any
Object: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """A request with its whole body; names of headers in small letters."""

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    client: tuple[str, int]

    @property
    def operation(self) -> str:
        """create, get, lookup, list, update, delete, or nothing."""
        if self.path == "/organizations":
            return {"GET": "list", "POST": "create"}.get(self.method, "")
        if self.path.startswith("/organizations/external_id/"):
            return "lookup"
        return {"GET": "get", "PUT": "update", "DELETE": "delete"}.get(self.method, "")

    @property
    def last(self) -> str:
        """The last step of the path."""
        return self.path.rpartition("/")[2]

    @property
    def writes(self) -> bool:
        """Whether it changes something."""
        return self.method in {"POST", "PUT", "DELETE"}

    def header(self, name: str) -> str:
        """A header, or nothing."""
        return dict(self.headers).get(name, "")

    @property
    def authorized(self) -> bool:
        """Whether it carries the key as it should."""
        return self.header("authorization") == f"Bearer {KEY}"

    @property
    def json(self) -> Json:
        """The body as a JSON value, None when it is none."""
        try:
            return json.loads(self.body.decode())  # of bytes, Python would read UTF-16 as well
        except (ValueError, RecursionError):
            return None

    def replaced(self, **changes: Any) -> Request:
        """The request with other parts."""
        return dataclasses.replace(self, **changes)

    def with_json(self, value: Json) -> Request:
        """The request with another JSON value."""
        return self.replaced(body=json.dumps(value).encode())

    def with_header(self, name: str, value: str | None) -> Request:
        """The request with another header, or without it."""
        others = tuple(pair for pair in self.headers if pair[0] != name)
        return self.replaced(headers=others if value is None else (*others, (name, value)))


@dataclass(frozen=True)
class Reply:
    """A response with its whole body; its length is counted when it is sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def json(self) -> Json:
        """The body as a JSON value, None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def good(self) -> bool:
        """Whether the request succeeded."""
        return 200 <= self.status < 300

    def replaced(self, **changes: Any) -> Reply:
        """The response with other parts."""
        return dataclasses.replace(self, **changes)

    def with_json(self, value: Json) -> Reply:
        """The response with another JSON value."""
        return self.replaced(body=written(value))

    def with_header(self, name: str, value: str | None) -> Reply:
        """The response with another header, or without it."""
        others = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return self.replaced(headers=others if value is None else (*others, (name, value)))


def written(value: Json) -> bytes:
    """A JSON value as the emulator writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def reply(status: int, value: Json) -> Reply:
    """A response in JSON."""
    headers = (("content-type", "application/json; charset=utf-8"), ("x-request-id", "planted-request"))
    return Reply(status, headers, written(value))


def crash() -> Reply:
    """What a server answers when its own code failed."""
    return reply(500, {"message": "Internal Server Error"})


def unprocessable(field: str = "body", message: str = "is not valid") -> Reply:
    """A refusal of a body or a query, in the documented form."""
    errors = [{"code": "invalid", "field": field, "message": f"{field} {message}"}]
    return reply(422, {"message": "Validation failed.", "code": "invalid_request_parameters", "errors": errors})


def bad_request(code: str, message: str = "Not possible.") -> Reply:
    """A refusal of a value, in the documented form."""
    return reply(400, {"message": message, "code": code})


def not_found(entity: str) -> Reply:
    """The response for an organization that is not there."""
    return reply(404, {"message": f"Not found: '{entity}'.", "code": "entity_not_found", "entity_id": entity})


def without(value: Object, *names: str) -> Object:
    """An object without some of its properties."""
    return {name: v for name, v in value.items() if name not in names}


def texts(value: Json) -> list[str]:
    """All texts within a JSON value, names of properties too, however deep they lie."""
    found: list[str] = []
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, str):
            found.append(each)
        elif isinstance(each, list):
            left += each
        elif isinstance(each, dict):
            left += [*each, *each.values()]
    return found


def pairs(body: Object) -> Object:
    """The metadata in a body; none where they are no object."""
    found = body.get("metadata")
    return found if isinstance(found, dict) else {}
