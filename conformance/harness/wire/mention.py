"""Which organizations a request means: by what it says, and by what was written to them."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from conformance.harness.wire.exchange import Exchange

SHORTEST = 6
"""Characters by which an organization can be recognized in a request."""
BODIES_KEPT = 1024
"""Bodies whose names are not looked for again: more than the writes of a default run."""


@dataclass(frozen=True)
class Names:
    """What the body of a write calls its organization."""

    name: str
    external_id: str
    plain: str
    """The external_id as `_plain` gives it, empty when it is too short to be recognized."""
    handles: tuple[str, ...]
    """What is long enough to be recognized: external_id, customer, domains."""


@dataclass(frozen=True)
class Mention:
    """What a request says of organizations."""

    text: str
    """All of it."""
    plain: str
    word: str
    """What it searches for, empty for nothing."""
    looked_up: str
    """The external_id that it looks up, empty for none."""

    @classmethod
    def in_request(cls, exchange: Exchange, texts: Iterable[str]) -> Mention:
        """What a request says, and what else is known to be said of it."""
        address = urlsplit(exchange.url)
        text = "\n".join([said_in(exchange), *texts])
        looked_up = unquote(address.path.rpartition("/")[2]) if exchange.operation == "lookup" else ""
        return cls(text, _plain(text), parse_qs(address.query).get("search", [""])[0], looked_up)

    def means(self, identifier: str, writes: Sequence[Exchange]) -> bool:
        """Whether it means the organization to which this was written."""
        names = [_names_in(write.body) for write in writes]
        return (
            any(handle in self.text for handle in handles(identifier, writes))
            or any(each.plain in self.plain for each in names if each.plain)
            or bool(self.word and any(self.word in each.name for each in names))
            or bool(self.looked_up and any(each.external_id == self.looked_up for each in names))
        )


def said_in(exchange: Exchange) -> str:
    """All that a request says, as one text."""
    address = urlsplit(exchange.url)
    path = unquote(address.path + "?" + address.query)
    keys = [value for name, value in exchange.headers.items() if name == "idempotency-key"]
    return "\n".join([path, exchange.body.decode("utf-8", "replace"), *keys])


def handles(identifier: str, writes: Iterable[Exchange]) -> Iterator[str]:
    """By what an organization can be named: id, external_id, domains, the key of its create."""
    yield identifier
    for write in writes:
        yield from _names_in(write.body).handles
        key = write.headers.get("idempotency-key", "")
        if len(key) >= SHORTEST:
            yield key


def body_of(exchange: Exchange) -> dict[str, Any]:
    """The body of a request if it is a JSON object, else an empty one."""
    return _object_in(exchange.body)


def _object_in(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


@functools.lru_cache(BODIES_KEPT)
def _names_in(body: bytes) -> Names:
    """What a body calls its organization. Each script asks it of each write of the run."""
    said = _object_in(body)
    domains = said.get("domain_data") if isinstance(said.get("domain_data"), list) else []
    items = [item.get("domain") for item in domains or () if isinstance(item, dict)]
    known = [said.get("external_id"), said.get("stripe_customer_id"), *items]
    long_enough = tuple(handle for handle in known if isinstance(handle, str) and len(handle) >= SHORTEST)
    external_id = said["external_id"] if isinstance(said.get("external_id"), str) else ""
    plain = _plain(external_id)
    return Names(str(said.get("name")), external_id, plain if len(plain) >= SHORTEST else "", long_enough)


def _plain(text: str) -> str:
    """The letters and digits alone, in one case: a faulty target may take texts that share them for the same."""
    return "".join(filter(str.isalnum, text)).lower()
