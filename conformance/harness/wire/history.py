"""What was written to which organization, so that a script can do it again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from conformance.harness.wire.exchange import Exchange

WRITES = ("create", "update", "delete")
SHORTEST = 6
"""Characters by which an organization can be recognized in a request."""


class History:
    """The writes of a run by organization. Not thread-safe by itself."""

    def __init__(self) -> None:
        self._writes: dict[str, list[Exchange]] = {}

    def record(self, exchange: Exchange) -> None:
        """Notes a write that succeeded."""
        if exchange.operation not in WRITES or exchange.status is None or not 200 <= exchange.status < 300:
            return
        if exchange.operation == "create":
            created = exchange.response.object.get("id") if exchange.response else None
            if isinstance(created, str) and created:
                self._writes.setdefault(created, []).append(exchange)
        else:
            target = unquote(urlsplit(exchange.url).path.rpartition("/")[2])
            if target in self._writes:
                self._writes[target].append(exchange)

    def before(self, exchange: Exchange) -> dict[str, list[Exchange]]:
        """The organizations that a request names, each by its id, with the writes that it had seen by then."""
        text, word = _said_in(exchange)
        looked_up = unquote(urlsplit(exchange.url).path.rpartition("/")[2]) if exchange.operation == "lookup" else ""
        found = {}
        for identifier, writes in self._writes.items():
            earlier = [write for write in writes if write.started < exchange.started and write is not exchange]
            if earlier and _is_meant(identifier, earlier, text, word, looked_up):
                found[identifier] = earlier
        return found


def _is_meant(identifier: str, writes: list[Exchange], text: str, word: str, looked_up: str) -> bool:
    """Whether a request that says this text, searches for this word or looks this up means the organization."""
    bodies = [_body(write) for write in writes]
    return (
        any(handle in text for handle in _handles(identifier, writes))
        or bool(word and any(word in str(body.get("name")) for body in bodies))
        or bool(looked_up and any(body.get("external_id") == looked_up for body in bodies))
    )


def _said_in(exchange: Exchange) -> tuple[str, str]:
    """All that a request says, as one text; and the text that it searches for."""
    address = urlsplit(exchange.url)
    path = unquote(address.path + "?" + address.query)
    keys = [value for name, value in exchange.headers.items() if name == "idempotency-key"]
    word = parse_qs(address.query).get("search", [""])[0]
    return "\n".join([path, exchange.body.decode("utf-8", "replace"), *keys]), word


def _handles(identifier: str, writes: list[Exchange]) -> Iterator[str]:
    """By what an organization can be named: id, external_id, domains, the key of its create."""
    yield identifier
    for write in writes:
        body = _body(write)
        domains = body.get("domain_data") if isinstance(body.get("domain_data"), list) else []
        items = [item.get("domain") for item in domains or () if isinstance(item, dict)]
        known = [body.get("external_id"), body.get("stripe_customer_id"), write.headers.get("idempotency-key"), *items]
        yield from (handle for handle in known if isinstance(handle, str) and len(handle) >= SHORTEST)


def _body(exchange: Exchange) -> dict[str, Any]:
    try:
        value = json.loads(exchange.body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
