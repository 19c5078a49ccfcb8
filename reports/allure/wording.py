"""Requests in plain words, for people who read a report and no HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from reports.verdict.verdict import ExchangeRecord

LONGEST_WORDING = 90
COLLECTION = "/organizations"
LOOKUP = "external_id"


def in_words(exchange: ExchangeRecord) -> str:
    """What the request asks for: ``list with limit=2, order=asc``; cut to one line."""
    address = urlsplit(exchange.url)
    segments = [unquote(segment) for segment in address.path.rpartition(COLLECTION)[2].split("/")[1:]]
    if exchange.method == "GET":
        wording = _reading(segments, address.query)
    else:
        wording = _WRITING[exchange.method](" ".join(segments), _body(exchange.request_body))
    return _cut(wording)


def answer_in_words(exchange: ExchangeRecord) -> str:
    """The status of the answer, or why there is none."""
    return str(exchange.status) if exchange.status is not None else f"no answer: {exchange.fault}"


def _reading(segments: list[str], query: str) -> str:
    if not segments:
        criteria = ", ".join(f"{name}={value}" for name, value in parse_qsl(query, keep_blank_values=True))
        return f"list with {criteria}" if criteria else "list"
    if segments[0] == LOOKUP:
        return f"look up external_id {'/'.join(segments[1:])}"
    return f"get {'/'.join(segments)}"


def _creating(_: str, body: Any) -> str:
    if isinstance(body, dict) and isinstance(body.get("name"), str):
        others = [name for name in body if name != "name"]
        return f'create an organization named "{body["name"]}"' + (f", with {', '.join(others)}" if others else "")
    return f"create an organization from {_value(body)}"


def _updating(identifier: str, body: Any) -> str:
    if isinstance(body, dict) and body:
        return f"update {identifier}: {', '.join(f'{name} {_value(value)}' for name, value in body.items())}"
    return f"update {identifier} with {_value(body)}"


def _deleting(identifier: str, _: Any) -> str:
    return f"delete {identifier}"


_WRITING: dict[str, Callable[[str, Any], str]] = {"POST": _creating, "PUT": _updating, "DELETE": _deleting}


def _body(text: str) -> Any:
    """The JSON value of a body; what is none stays text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _value(value: Any) -> str:
    if value == "":
        return "an empty body"
    return json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    line = " ".join(text.encode("utf-8", "backslashreplace").decode().split())  # a body may name half a character
    return line if len(line) <= LONGEST_WORDING else line[: LONGEST_WORDING - 1] + "…"
