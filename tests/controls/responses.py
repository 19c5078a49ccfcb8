"""Answers that look unusual and are right."""

from __future__ import annotations

import gzip
import json
import random

from tests.controls.peculiarity import control
from tests.mutants.parts.middleware import Middleware, Reply, Request
from tests.mutants.parts.objects import Object, bodies, domains, organizations, put, successes
from tests.mutants.parts.replies import replies

TIMES = ("created_at", "updated_at")
OPTIONAL = ("stripe_customer_id", "allow_profiles_outside_organization")
OPTIONAL_OF_DOMAIN = ("state", "verification_strategy", "verification_prefix", "verification_token")


def strange(value: Object) -> None:
    """Adds properties that nobody documents, another value each time."""
    value.update(colour="blue", number=random.random(), nested={"object": "organization", "id": None})


control("Organizations have unknown properties.", "unknown-properties", organizations(strange))
control("Domains have unknown properties.", "unknown-properties-of-domains", domains(strange))
control("Pages have unknown properties.", "unknown-properties-of-pages", successes(strange, ("list",)))


def spare(organization: Object) -> None:
    """Leaves out whatever is optional."""
    for field in OPTIONAL:
        organization.pop(field, None)
    for domain in organization["domains"]:
        for field in OPTIONAL_OF_DOMAIN:
            domain.pop(field, None)


control("Optional properties are never shown.", "optional-properties-absent", organizations(spare))


def is_error(request: Request, reply: Reply) -> bool:
    """Whether the reply is a refusal."""
    return reply.status >= 400


def message_alone(error: Object) -> None:
    """Leaves nothing of an error but its message, and the code where one is documented."""
    code = error.get("code", "")
    error.clear()
    error.update({"message": "No."} | ({"code": code} if code.endswith("_used") or code == "invalid_metadata" else {}))


control("Errors have other texts.", "other-texts", bodies(put("message", "Das geht nicht."), is_error))
control("Errors are a message and nothing else.", "message-alone", bodies(message_alone, is_error))


def spelled(spell: object) -> type[Middleware]:
    """Spells every time in another way."""
    assert callable(spell)

    def change(organization: Object) -> None:
        for value in (organization, *organization["domains"]):
            value.update({field: spell(value[field]) for field in TIMES})

    return organizations(change)


control("Times have an offset.", "times-with-offset", spelled(lambda time: time.replace("Z", "+00:00")))
control("Times have whole seconds.", "times-in-seconds", spelled(lambda time: f"{time[:-5]}Z"))
control("Times have microseconds.", "times-in-microseconds", spelled(lambda time: f"{time[:-1]}000Z"))
control("Domains come in any order.", "domains-in-any-order", organizations(lambda o: random.shuffle(o["domains"])))


class MoreHeaders(Middleware):
    """Answers carry more headers, and spell the charset in another way."""

    def alter(self, request: Request, reply: Reply) -> None:
        reply.headers |= {"x-powered-by": "steam", "set-cookie": "session=1", "vary": "accept"}
        if "json" in reply.headers.get("content-type", ""):
            reply.headers["content-type"] = "Application/JSON;  Charset=UTF-8"


class NoCharset(Middleware):
    """JSON comes without a charset."""

    def alter(self, request: Request, reply: Reply) -> None:
        reply.headers["content-type"] = reply.headers["content-type"].partition(";")[0]


class Compressed(Middleware):
    """Every answer is compressed."""

    def alter(self, request: Request, reply: Reply) -> None:
        reply.headers["content-encoding"] = "gzip"
        reply.body = gzip.compress(reply.body)


class Pretty(Middleware):
    """JSON is indented, escaped and in another order."""

    def alter(self, request: Request, reply: Reply) -> None:
        body = reply.json
        if isinstance(body, dict):
            reply.body = json.dumps(dict(reversed(body.items())), indent=2, ensure_ascii=True).encode()


class OneConnectionEach(Middleware):
    """Every answer closes its connection."""

    def alter(self, request: Request, reply: Reply) -> None:
        reply.headers["connection"] = "close"


class Slow(Middleware):
    """Every answer takes 20 milliseconds."""

    delay = 0.02


control("Answers carry more headers.", "more-headers", MoreHeaders)
control("JSON comes without a charset.", "no-charset", NoCharset)
control("Every answer is compressed.", "compressed", Compressed)
control("JSON is written in another way.", "pretty", Pretty)
control("Every answer closes its connection.", "one-connection-each", OneConnectionEach)
control("Every answer takes a while.", "slow", Slow)


def deletion(status: int, content_type: str, body: bytes) -> type[Middleware]:
    """Answers a delete in this way."""

    def change(reply: Reply) -> None:
        reply.status, reply.body = status, body
        reply.headers["content-type"] = content_type

    return replies(change, 202, "delete")


control("A delete answers 200 with text.", "delete-200-text", deletion(200, "text/plain", b"Deleted"))
control("A delete answers 200 with JSON.", "delete-200-json", deletion(200, "application/json", b"{}"))
control("A delete answers 202 with text.", "delete-202-text", deletion(202, "text/html", b"<p>Accepted</p>"))
control("A delete answers 202 and nothing.", "delete-202-empty", deletion(202, "text/plain", b""))
