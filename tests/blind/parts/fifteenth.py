"""What the fifteenth set needs of bodies."""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp

from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Reply, Request

WRITES = ("create", "update")


def rewriting(change: Any) -> ASGIApp:
    """An app that reads other bytes of a body than were sent, or answers at once."""

    def read(request: Request) -> Request | Reply:
        if request.operation not in WRITES:
            return request
        changed = change(request)
        return request.replaced(body=changed) if isinstance(changed, bytes) else changed or request

    return on_request(read)
