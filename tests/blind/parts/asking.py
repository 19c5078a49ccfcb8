"""Requests that something in front of the app sends on its own, and the bodies that it reads."""

from __future__ import annotations

import json

from tests.blind.parts.messages import Object, Request


def asked(request: Request, method: str, path: str, body: Object | None = None) -> Request:
    """Another request with the headers of this one."""
    return request.replaced(method=method, path=path, query="", body=b"" if body is None else json.dumps(body).encode())


def fields(request: Request) -> Object:
    """The JSON object in the body of a create or an update; empty where there is none."""
    body = request.json if request.operation in ("create", "update") else None
    return body if isinstance(body, dict) else {}
