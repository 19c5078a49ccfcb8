"""One call of the stand-in SDK, and its error."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any


class SdkError(Exception):
    """An error of the stand-in SDK."""

    def __init__(self, kind: str, message: str, **fields: Any) -> None:
        super().__init__(message)
        self.kind = kind
        self.fields = {
            "message": message,
            "status": None,
            "code": None,
            "request_id": None,
            "retry_after": None,
        } | fields


@dataclass
class Call:
    """One call as the protocol has it."""

    op: str
    args: dict[str, Any]
    client: dict[str, Any]
    opts: dict[str, Any]
    limits: dict[str, Any]
    key: str = field(default_factory=lambda: str(uuid.uuid4()))
    """The idempotency key that is made for it."""

    @property
    def retries(self) -> int:
        """How often a request is repeated."""
        return int(self.opts.get("max_retries", self.client.get("max_retries", 2)))

    @property
    def timeout(self) -> float:
        """Seconds."""
        return float(self.opts.get("timeout_ms", self.client.get("timeout_ms", 30_000))) / 1000

    @property
    def base_url(self) -> str:
        """Where it goes."""
        return str(self.opts.get("base_url", self.client["base_url"]))
