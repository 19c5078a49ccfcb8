"""Bodies that are no JSON object, or that a reader cannot take in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from starlette.types import ASGIApp

from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Reply, Request, crash, texts
from tests.blind.registry import Proof, fault

LEADING = json.JSONDecoder()


def writing(change: Callable[[Request], Request | Reply]) -> ASGIApp:
    """An app that alters bodies on the way in, or answers there."""
    return on_request(lambda request: change(request) if request.operation in {"create", "update"} else request)


def _accepts(content: bytes | str) -> Proof:
    return lambda w: w.post(content).status_code == 201


def _crashes(content: bytes | str) -> Proof:
    return lambda w: w.post(content).status_code >= 500


@fault("broken", "body.malformed", _crashes("{"), "github.com/adobe/helix-shared/issues/593")
def malformed_body_crashes() -> ASGIApp:
    """A body that is no JSON answers 500."""
    return writing(
        lambda request: crash() if request.body and request.json is None and request.body != b"null" else request
    )


@fault("broken", "body.not-an-object", _crashes("null"), "github.com/luckydye/vektor/issues/124")
def null_body_crashes() -> ASGIApp:
    """The body null answers 500, while other bodies that are no object are refused."""
    return writing(lambda request: crash() if request.body.strip() == b"null" else request)


@fault("broken", "body.not-an-object", _accepts('[{"name": "Blind"}]'), "deserializers that unwrap single values")
def array_body_accepted() -> ASGIApp:
    """An array around one object is taken for the object."""
    return writing(
        lambda request: (
            request.with_json(request.json[0]) if isinstance(request.json, list) and len(request.json) == 1 else request
        )
    )


@fault(
    "broken",
    "body.malformed",
    lambda w: w.put(w.made()["id"], b"").status_code == 200,
    "github.com/honojs/hono/pull/433",
)
def empty_body_is_empty_object() -> ASGIApp:
    """An empty body counts as an empty object: an update with nothing at all answers 200."""
    return writing(lambda request: request.replaced(body=b"{}") if not request.body.strip() else request)


@fault("broken", "body.malformed", _accepts('{"name": "Blind",}'), "JSON5 and hujson readers")
def trailing_comma_accepted() -> ASGIApp:
    """A comma behind the last property is accepted."""
    return writing(
        lambda request: (
            request.replaced(body=re.sub(rb",(\s*[}\]])", rb"\1", request.body)) if request.json is None else request
        )
    )


@fault("broken", "body.malformed", _accepts('{"name": "Blind"} trailing'), "Go's json.Decoder reads one value")
def text_after_json_accepted() -> ASGIApp:
    """Whatever follows the JSON value in a body is not looked at."""

    def first(request: Request) -> Request:
        try:
            return request.with_json(LEADING.raw_decode(request.body.decode().lstrip())[0])
        except (ValueError, RecursionError):
            return request

    return writing(first)


@fault("broken", "body.malformed", _accepts('{"name": "Blind", "unknown": NaN}'), "Python's json reads NaN")
def nan_accepted() -> ASGIApp:
    """NaN and Infinity are accepted where a property is not looked at."""

    def read(request: Request) -> Request:
        words = re.compile(rb":\s*(?:NaN|-?Infinity)(?=\s*[,}])")
        return request.replaced(body=words.sub(b":null", request.body))

    return writing(read)


@fault("broken", "body.invalid", _crashes(b'{"name": ' + b"[" * 5000 + b"]" * 5000 + b"}"), "a recursive reader")
def deep_nesting_crashes() -> ASGIApp:
    """A body that is nested deeply answers 500."""
    return writing(lambda request: crash() if request.body.count(b"[") + request.body.count(b"{") > 900 else request)


@fault("broken", "answer.status", _crashes(b'{"name": "\\ud800"}'), "FACTS: 5xx is MUST NOT")
def lone_surrogate_crashes() -> ASGIApp:
    """A lone surrogate in a name, sent as an escape, answers 500."""
    return writing(lambda request: crash() if re.search("[\ud800-\udfff]", " ".join(texts(request.json))) else request)


@fault("broken", "answer.status", _crashes(b'{"name": "a\\u0000b"}'), "PostgreSQL's text has no U+0000")
def nul_character_crashes() -> ASGIApp:
    """U+0000 in a text answers 500."""
    return writing(lambda request: crash() if "\x00" in "".join(texts(request.json)) else request)
