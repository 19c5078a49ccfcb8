"""Responses that look unusual and are right."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable

from tests.controls.planting import control, legal
from tests.mutants.parts.middleware import Middleware, Reply, Request
from tests.mutants.parts.objects import Object, bodies, domains, errors, organizations, put, successes, without
from tests.mutants.parts.replies import ReplyChange, replies, to_status

TIMES = ("created_at", "updated_at")
OPTIONAL = ("stripe_customer_id", "allow_profiles_outside_organization")
OPTIONAL_OF_DOMAIN = ("state", "verification_strategy", "verification_prefix", "verification_token")


def extend(value: Object) -> None:
    """Adds properties that nobody documents, another value each time."""
    value.update(colour="blue", number=random.random(), nested={"object": "organization", "id": None})


def extend_cursors(page: Object) -> None:
    """Adds properties to list_metadata."""
    page["list_metadata"].update(total=17, next=None)


def without_optional(organization: Object) -> None:
    """Leaves out whatever is optional."""
    for field in OPTIONAL:
        organization.pop(field, None)
    for domain in organization["domains"]:
        for field in OPTIONAL_OF_DOMAIN:
            domain.pop(field, None)


def shuffled_metadata(organization: Object) -> None:
    """Puts the keys of metadata into another order."""
    pairs = [*organization["metadata"].items()]
    random.shuffle(pairs)
    organization["metadata"] = dict(pairs)


def is_error(request: Request, reply: Reply) -> bool:
    """Whether the reply is a refusal."""
    return reply.status >= 400


def message_alone(error: Object) -> None:
    """Leaves nothing of an error but its message, and the code where one is documented."""
    code = error.get("code", "")
    error.clear()
    error.update({"message": "No."} | ({"code": code} if code.endswith("_used") or code == "invalid_metadata" else {}))


def times(write: Callable[[str], str]) -> type[Middleware]:
    """Writes every time in another way."""

    def change(organization: Object) -> None:
        for value in (organization, *organization["domains"]):
            value.update({field: write(value[field]) for field in TIMES})

    return organizations(change)


def deletion(status: int, content_type: str, body: bytes) -> type[Middleware]:
    """Answers a delete in this way."""

    def change(reply: Reply) -> None:
        reply.status, reply.body = status, body
        reply.headers["content-type"] = content_type

    return replies(change, 202, "delete")


def header(name: str, value: str) -> ReplyChange:
    """Gives a reply one more header."""
    return lambda reply: reply.headers.update({name: value})


# fmt: off
control("unknown-properties", "O: objects are open", "Organizations have unknown properties.", organizations(extend))
control("unknown-properties-of-domains", "O: objects are open", "Domains have unknown properties.", domains(extend))
control("unknown-properties-of-pages", "O: objects are open", "Pages have unknown properties.",
        successes(extend, ("list",)))
control("unknown-properties-of-cursors", "O: objects are open", "list_metadata have unknown properties.",
        successes(extend_cursors, ("list",)))
control("optional-properties-absent", "O: required lists the others", "Optional properties are never shown.",
        organizations(without_optional))
control("domains-in-any-order", "no source gives an order", "Domains come in any order.",
        organizations(lambda organization: random.shuffle(organization["domains"])))
control("metadata-in-any-order", "RFC 8259: an object is unordered", "Keys of metadata come in any order.",
        organizations(shuffled_metadata))

control("other-texts", "O: message is a text for people", "Errors have other texts.",
        bodies(put("message", "Das geht nicht."), is_error))
control("message-alone", "O: errors require a message", "Errors are a message and nothing else.",
        bodies(message_alone, is_error))
control("not-found-without-entity-id", "only R shows it", "A 404 does not name what was asked for.",
        errors(without("entity_id"), 404))
control("unauthorized-with-challenge", "RFC 9110, 11.6.1", "A 401 carries WWW-Authenticate.",
        replies(header("www-authenticate", 'Bearer realm="api"'), 401))

control("times-with-offset", "RFC 3339", "Times have an offset.", times(lambda time: time.replace("Z", "+00:00")))
control("times-in-seconds", "RFC 3339", "Times have whole seconds.", times(lambda time: f"{time[:-5]}Z"))
control("times-in-microseconds", "RFC 3339", "Times have microseconds.", times(lambda time: f"{time[:-1]}000Z"))
control("times-in-small-letters", "RFC 3339, 5.6: t and z will do", "Times have a small t and z.", times(str.lower))

control("delete-200-text", "O: 200 of delete", "A delete answers 200 with text.",
        deletion(200, "text/plain", b"Deleted"))
control("delete-200-json", "O: 200 of delete", "A delete answers 200 with JSON.",
        deletion(200, "application/json", b"{}"))
control("delete-202-text", "O: 202 of delete", "A delete answers 202 with text.",
        deletion(202, "text/html", b"<p>Accepted</p>"))
control("delete-202-empty", "O: 202 of delete", "A delete answers 202 and nothing.", deletion(202, "text/plain", b""))
control("delete-403-for-404", "O: 403 of delete", "A delete of an unknown id answers 403.",
        replies(to_status(403), 404, "delete"))
# fmt: on


@legal("more-headers", "RFC 9110")
class MoreHeaders(Middleware):
    """Responses carry more headers, and spell the charset in another way."""

    def alter(self, request: Request, reply: Reply) -> None:
        reply.headers |= {"x-powered-by": "steam", "set-cookie": "session=1", "vary": "accept"}
        if "json" in reply.headers.get("content-type", ""):
            reply.headers["content-type"] = "Application/JSON;  Charset=UTF-8"


@legal("no-charset", "RFC 8259: JSON has no charset parameter")
class NoCharset(Middleware):
    """JSON comes without a charset."""

    def alter(self, request: Request, reply: Reply) -> None:
        reply.headers["content-type"] = reply.headers["content-type"].partition(";")[0]


@legal("no-request-ids", "only R shows them")
class NoRequestIds(Middleware):
    """Responses carry no X-Request-ID."""

    def alter(self, request: Request, reply: Reply) -> None:
        reply.headers.pop("x-request-id", None)


@legal("compressed", "RFC 9110, 8.4: the client accepts gzip")
class Compressed(Middleware):
    """Every response is compressed."""

    def alter(self, request: Request, reply: Reply) -> None:
        reply.headers["content-encoding"] = "gzip"
        reply.body = gzip.compress(reply.body)


@legal("pretty", "RFC 8259")
class Pretty(Middleware):
    """JSON is indented, escaped and in another order."""

    def alter(self, request: Request, reply: Reply) -> None:
        body = reply.json
        if isinstance(body, dict):
            reply.body = json.dumps(dict(reversed(body.items())), indent=2, ensure_ascii=True).encode()


@legal("slashes-escaped", "RFC 8259, 7")
class SlashesEscaped(Middleware):
    """JSON has a backslash before each slash."""

    def alter(self, request: Request, reply: Reply) -> None:
        if "json" in reply.headers.get("content-type", ""):
            reply.body = reply.body.replace(b"/", b"\\/")
