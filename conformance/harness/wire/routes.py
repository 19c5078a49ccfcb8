"""Operations as paths and back: the one place where ids, external_ids and cursors are encoded and decoded."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote, unquote_to_bytes

from specs.contract import operations

ENCODED_DOT = "%2E"
SUB_DELIMITERS = "!$&'()*+,;=:@"
"""What a segment may hold as it is, besides letters, digits, dots, dashes, underscores and tildes."""

Encode: TypeAlias = Callable[[str], str]
"""How a value becomes one segment of a path."""


@dataclass(frozen=True)
class Route:
    """The operation that a request line calls, and its path arguments, decoded."""

    operation: str
    arguments: Mapping[str, str]


def segment(value: str) -> str:
    """The value as one path segment: nothing in it may end the segment or be read as a step up.

    A lone surrogate, which no UTF-8 has, becomes the bytes that it would have.
    """
    if not value.strip("."):
        return ENCODED_DOT * len(value)
    return quote(value, safe="", errors="surrogatepass").replace("..", ENCODED_DOT * 2)


def path_of(operation: str, arguments: Mapping[str, str], encode: Encode = segment) -> str:
    """The path of the operation below the base URL, each argument one well-formed segment."""
    segments = {name: encode(value) for name, value in arguments.items()}
    return operations()[operation].path.format_map(segments)


def respelled(value: str) -> str:
    """The same segment in another spelling: what may stand in one as it is does, all else is percent-encoded.

    Letters, digits and dots, too, with small hexadecimal digits. Source: RFC 3986, 2.1, 3.3 and 6.2.2.
    """
    return "".join(char if char in SUB_DELIMITERS else quoted(char) for char in value)


def quoted(char: str) -> str:
    """Every byte of a character, percent-encoded."""
    return "".join(f"%{byte:02x}" for byte in char.encode())


def route_of(method: str, path: str) -> Route | None:
    """What a request asks for, None for a path or method that the contract does not have.

    `path` is as it was sent, below the base URL and without the query.
    """
    for name, operation in operations().items():
        if operation.method != method:
            continue
        matched = re.fullmatch(_pattern(operation.path), path)
        if matched:
            return Route(name, {key: _decoded(value) for key, value in matched.groupdict().items()})
    return None


def _pattern(path: str) -> str:
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]*)", re.escape(path))


def _decoded(segment: str) -> str:
    raw = unquote_to_bytes(segment)
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")


def query_of(query: Mapping[str, Any]) -> str:
    """The query as the contract encodes it: a list is one value with literal commas (style form, no explode)."""
    return "&".join(f"{quote(name, safe='')}={_encoded(value)}" for name, value in query.items())


def _encoded(value: Any) -> str:
    items = value if isinstance(value, (list, tuple)) else [value]
    return ",".join(quote(str(item), safe="", errors="surrogatepass") for item in items)
