"""Reads recorded traffic: HAR (version 1.2), or a JSON list of exchanges."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from conformance.harness.evidence.redaction import credential_in
from conformance.harness.wire.exchange import PLACEHOLDER, Exchange, Response
from conformance.harness.wire.routes import route_of

ROOT = "/organizations"
SHOWN = ("authorization", "content-type", "idempotency-key")
MILLISECONDS = 1000


class UnreadableRecordingError(Exception):
    """A file holds no recorded traffic; the text is one line for the user."""


@dataclass(frozen=True)
class Recording:
    """What a file holds of the operations."""

    exchanges: Sequence[tuple[Exchange, datetime | None]]
    """Each with the moment at which it was recorded."""
    others: int
    """How many exchanges of the file are of no operation of the contract, or lack the body of the response."""
    secrets: list[str]
    """Credentials that were recorded."""


def read(path: Path) -> Recording:
    """The recorded traffic in a file. Raises UnreadableRecordingError."""
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableRecordingError(f"{path}: {error.strerror}") from None
    except ValueError:
        raise UnreadableRecordingError(f"{path}: not JSON") from None
    try:
        if isinstance(content, dict):
            entries = [_of_har(entry) for entry in content["log"]["entries"]]
        else:
            entries = [_of_list(entry) for entry in content]
        return _recording(entries)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise UnreadableRecordingError(f"{path}: neither HAR nor a list of exchanges ({reason})") from None


@dataclass(frozen=True)
class _Entry:
    """One exchange as a file has it."""

    method: str
    url: str
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes
    response: Response | None
    moment: datetime | None
    seconds: float = 0.0
    is_whole: bool = True
    """Whether the body of the response was recorded."""


def _of_list(entry: Any) -> _Entry:
    request, response = entry["request"], entry["response"]
    headers = {name.lower(): value for name, value in response["headers"].items()}
    body = json.dumps(request["body"]).encode() if request.get("body") is not None else b""
    return _Entry(
        request["method"],
        request["path"],
        {name.lower(): value for name, value in request.get("headers", {}).items()},
        body,
        Response(int(response["status"]), headers, response["body"].encode()),
        parsedate_to_datetime(entry["recorded"]) if entry.get("recorded") else None,
    )


def _of_har(entry: Any) -> _Entry:
    request, response = entry["request"], entry["response"]
    content = response.get("content", {})
    text = content.get("text", "")
    body = base64.b64decode(text) if content.get("encoding") == "base64" else text.encode()
    status = int(response["status"])
    started = entry.get("startedDateTime")
    return _Entry(
        request["method"],
        request["url"],
        _headers(request["headers"]),
        (request.get("postData") or {}).get("text", "").encode(),
        Response(status, _headers(response["headers"]), body) if status else None,
        datetime.fromisoformat(started.replace("Z", "+00:00")) if started else None,
        max(0.0, float(entry.get("time", 0.0))) / MILLISECONDS,
        is_whole="text" in content or not content.get("size"),
    )


def _headers(items: Any) -> dict[str, str]:
    return {item["name"].lower(): item["value"] for item in items}


def _recording(entries: list[_Entry]) -> Recording:
    exchanges = [(exchange, entry.moment) for entry in entries for exchange in _exchanges(entry)]
    secrets = {credential_in(entry.headers["authorization"]) for entry in entries if "authorization" in entry.headers}
    return Recording(exchanges, len(entries) - len(exchanges), sorted(secrets))


def _exchanges(entry: _Entry) -> Iterator[Exchange]:
    """The exchange, if it is of an operation of the contract and was recorded whole."""
    path = urlsplit(entry.url).path
    route = route_of(entry.method, path[path.find(ROOT) :]) if ROOT in path else None
    if route is None or not entry.is_whole:
        return
    headers = {name: entry.headers[name] for name in SHOWN if name in entry.headers}
    if "authorization" in headers:
        headers["authorization"] = f"Bearer {PLACEHOLDER}"
    yield Exchange(
        route.operation,
        entry.method,
        entry.url,
        headers,
        entry.body,
        entry.response,
        "" if entry.response else "no response was recorded",
        seconds=entry.seconds,
    )
