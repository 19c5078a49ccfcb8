"""Whether an organization that a target shows is one that the run made: what was sent, held against what is shown.

Pure functions. Every body of a run carries the run's token, where the body has room for one.
"""

from __future__ import annotations

import html
import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeGuard

import httpx

from conformance.harness.wire.exchange import Exchange

LONGEST_ID = 1024
"""Characters of an id that is worth a request."""
LONGEST_PAGE = 100
FIELDS = ("name", "external_id", "metadata")


def shows(content: bytes, token: str, seen: Mapping[str, Any]) -> bool:
    """Whether `seen` carries the token in a place where the body `content` had put it, as it was put there.

    A name is compared by its Latin letters and digits, in any case, and may have been cut off.
    """
    body = _body(content)
    if not isinstance(body, dict):
        text = _text(content)
        return any(token in shown.casefold() and shown.casefold() in text for shown in _values(seen))
    sent, shown = body.get("name"), seen.get("name")
    if isinstance(sent, str) and isinstance(shown, str) and _is_name(sent, shown, token):
        return True
    return holds_external_id(content, token, seen) or _shares(body, seen, token)


def holds_external_id(content: bytes, token: str, seen: Mapping[str, Any]) -> bool:
    """Whether `seen` has the external_id of the body, and the token is in it: so nobody else can have it."""
    external_id = external_id_in(content)
    return external_id is not None and token in external_id and external_id == seen.get("external_id")


def carries(content: bytes, token: str) -> bool:
    """Whether a body has the token anywhere."""
    return token in _text(content)


def may_show(content: bytes, token: str) -> bool:
    """Whether an organization that was made of a body has to show the token: one that is no object may be ignored."""
    return carries(content, token) and isinstance(_body(content), dict)


def is_whole(content: bytes, seen: Mapping[str, Any]) -> bool:
    """Whether `seen` has the name, the external_id and the metadata that the body `content` has, and no others."""
    body = _body(content)
    sent = body if isinstance(body, dict) else {}
    return all(_plain(sent.get(field)) == _plain(seen.get(field)) for field in FIELDS)


def external_id_in(content: bytes) -> str | None:
    """The external_id of a body, None where it has none."""
    body = _body(content)
    external_id = body.get("external_id") if isinstance(body, dict) else None
    return external_id if isinstance(external_id, str) and external_id else None


def name_in(content: bytes) -> str:
    """What a body calls the organization, for people; empty where it has no name."""
    body = _body(content)
    return str(body.get("name") or "") if isinstance(body, dict) else ""


def leaves_token_in_name(content: bytes, token: str) -> bool:
    """Whether an organization that had the token in its name has it there after an update with this body, too."""
    body = _body(content)
    return isinstance(body, dict) and token in str(body.get("name", token))


def created_at(seen: Mapping[str, Any]) -> float | None:
    """When an organization was created, in seconds since 1970; None where it does not say. Without a zone it is UTC."""
    value = seen.get("created_at")
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.upper())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def http_date(value: str) -> float | None:
    """An HTTP date in seconds since 1970, by the clock of whoever wrote it; None for what is no date."""
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def is_complete(exchange: Exchange) -> bool:
    """Whether a list shows that it is all there is."""
    items = items_in(exchange)
    body = exchange.response.object if exchange.response else {}
    metadata = body.get("list_metadata")
    has_more = any(metadata.values()) if isinstance(metadata, dict) else True
    return items is not None and len(items) == len(body["data"]) < LONGEST_PAGE and not has_more


def items_in(exchange: Exchange) -> list[Mapping[str, Any]] | None:
    """The organizations of a list; None where it is no success, or no list."""
    if exchange.response is None or exchange.status != httpx.codes.OK:
        return None
    data = exchange.response.object.get("data")
    if not isinstance(data, list):
        return None
    return [item for item in data if isinstance(item, dict) and is_usable(item.get("id"))]


def ids_in(exchange: Exchange) -> Iterator[str]:
    """The ids of the organizations that a read shows."""
    if exchange.operation == "list":
        yield from (item["id"] for item in items_in(exchange) or ())
    elif exchange.operation in ("get", "lookup") and exchange.status == httpx.codes.OK and exchange.response:
        identifier = exchange.response.object.get("id")
        if is_usable(identifier):
            yield identifier


def organization_in(exchange: Exchange, identifier: str) -> Mapping[str, Any] | None:
    """The organization that a read shows, if it is the one with this id."""
    if exchange.response is None or exchange.status != httpx.codes.OK:
        return None
    return exchange.response.object if exchange.response.object.get("id") == identifier else None


def is_usable(identifier: object) -> TypeGuard[str]:
    """Whether requests can be sent to an id like this."""
    return isinstance(identifier, str) and 0 < len(identifier) <= LONGEST_ID


def _is_name(sent: str, shown: str, token: str) -> bool:
    return any(token in letters(shown) and letters(sent).startswith(letters(shown)) for letters in LETTERS)


def _letters(name: str) -> str:
    """The Latin letters and digits of a name, in any case: the capital of a dotless i is I as well."""
    return "".join(char for char in name.upper().casefold() if char.isascii() and char.isalnum())


LETTERS: tuple[Callable[[str], str], ...] = (
    _letters,
    lambda name: _letters(html.unescape(name)),
    lambda name: _letters(unicodedata.normalize("NFKD", html.unescape(name))),
    lambda name: _letters("".join(filter(str.isascii, name))),
)
"""What is left of a name under every encoding, escape, case and alphabet that a target may confuse."""


def _shares(body: Mapping[str, Any], seen: Mapping[str, Any], token: str) -> bool:
    """Whether a value with the token in metadata or domains is in both."""
    places = ("metadata", "domains", "domain_data")
    sent = {text for text in _strings([body.get(place) for place in places]) if token in text}
    return not sent.isdisjoint(_strings([seen.get(place) for place in places]))


def _values(seen: Mapping[str, Any]) -> Iterator[str]:
    return _strings([seen.get(field) for field in (*FIELDS, "domains")])


def _strings(value: Any) -> Iterator[str]:
    """Every string within JSON values, names of fields included, in lower case."""
    if isinstance(value, str):
        yield value.casefold()
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name.casefold()
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _plain(value: Any) -> str:
    """A value as text, so that a number is what a target may have made of it; nothing at all is an empty one."""
    if value in (None, "", {}, []):
        return ""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def _body(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace").replace("\0", "").casefold()
