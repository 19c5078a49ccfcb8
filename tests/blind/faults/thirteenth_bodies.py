"""The parser of bodies was exchanged, and what comes before it."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.types import ASGIApp

from tests.blind.parts.apps import reading, values
from tests.blind.parts.asking import fields
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Reply, Request, crash
from tests.blind.registry import fault
from tests.blind.wire import Wire


def _bare_key(w: Wire) -> object:
    return w.post('{name: "Blind"}').status_code == 201


def _with_quotes(request: Request) -> Request:
    if request.operation not in ("create", "update") or request.json is not None:
        return request
    quoted = re.sub(rb"([{,]\s*)([a-z_]+)(\s*:)", rb'\1"\2"\3', request.body)
    return request.replaced(body=quoted)


@fault("bodies", "body.malformed", _bare_key, "bodies are read by a parser of YAML or JSON5")
def thirteenth_keys_need_no_quotes() -> ASGIApp:
    """A body whose keys stand without quotation marks is taken."""
    return on_request(_with_quotes)


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level:
        depth += 1
        inside = [list(each.values()) if isinstance(each, dict) else each for each in level]
        level = [each for inner in inside if isinstance(inner, list) for each in inner]
    return depth


@fault(
    "bodies",
    "body.invalid",
    lambda w: w.post('{"name":' + "[" * 64 + "]" * 64 + "}").status_code == 500,
    "System.Text.Json: MaxDepth 64, and an exception that nobody maps",
)
def thirteenth_deep_bodies_fail() -> ASGIApp:
    """A create or update whose JSON is nested more than 64 levels deep answers 500."""

    def judged(request: Request) -> Request | Reply:
        return crash() if request.operation in ("create", "update") and _depth(request.json) > 64 else request

    return on_request(judged)


@fault(
    "bodies",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"a": '{"b": 1}'})["metadata"]["a"] == '{"b":1}',
    "values that look like JSON are parsed and written again",
)
def thirteenth_json_in_a_value_is_written_anew() -> ASGIApp:
    """A metadata value that is the text of a JSON object is written anew, without its white space."""

    def anew(value: str) -> str:
        try:
            parsed = json.loads(value)
        except ValueError:
            return value
        return json.dumps(parsed, separators=(",", ":")) if isinstance(parsed, dict) else value

    return reading(metadata=values(anew))


def _padded_escape(w: Wire) -> object:
    id = w.made()["id"]
    return w.put(id, b'{"name":"caf\\u00E9"}').json()["name"] == "caf\\u00E9"


@fault("bodies", "body.json-escapes", _padded_escape, "a parser written by hand whose escapes are in small letters")
def thirteenth_escapes_in_capitals_stay() -> ASGIApp:
    """An escape of JSON whose hexadecimal digits are capitals is kept as it was written, in updates."""

    def kept(request: Request) -> Request:
        if request.operation != "update" or not fields(request):
            return request
        return request.replaced(body=re.sub(rb"(?<!\\)\\u(?=[0-9A-F]{4})(?=[0-9]*[A-F])", rb"\\\\u", request.body))

    return on_request(kept)
