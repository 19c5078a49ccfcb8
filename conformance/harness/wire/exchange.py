"""What went over the wire: one request and its response, as the bytes were."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

PLACEHOLDER = "$WORKOS_API_KEY"
"""What stands in the place of the key wherever an exchange is shown."""
HEADER_PLACEHOLDER = "$HEADER_{}"
"""The same for the value of a header that --header gave, by its number: it may be the key of a gateway."""


LARGEST_KEPT = 64 * 1024
"""Bytes of a response that are kept when there are many."""
LARGEST_HELD = 1024 * 1024
"""Bytes of a response that is kept whole by whoever holds on to what it showed, and that is parsed once for all."""
LONGEST_HEADER = 1024
MOST_VALUES = 100_000
"""In one body; a page of 100 full organizations has fewer than 20,000."""
MOST_VALUES_KEPT = 20_000
"""In one body that is parsed once for all; of a larger one the value, many times its size, is not kept."""
STRING = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""A string of JSON, or the beginning of one that does not end."""
DEEPEST = 100
"""Levels of nesting; answers have five."""


class NotJsonError(ValueError):
    """The body of an answer is not one JSON value in UTF-8; the text says why."""


@dataclass(frozen=True)
class Response:
    """The response of an exchange."""

    status: int
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes = field(repr=False)
    http_version: str = "HTTP/1.1"

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def json(self) -> Any:
        """The body as a Python value. Raises NotJsonError, also for more values or levels than any answer needs."""
        is_small = self._values <= MOST_VALUES_KEPT and len(self.body) <= LARGEST_HELD
        return self._kept if is_small else self._parsed()

    @cached_property
    def _kept(self) -> Any:
        return self._parsed()

    @cached_property
    def _values(self) -> int:
        """About how many values the body has: signs within strings are looked away from where they matter."""
        count = _structural_signs(self.body)
        return count if count <= MOST_VALUES_KEPT else _structural_signs(STRING.sub(b"", self.body))

    def _parsed(self) -> Any:
        if self._values > MOST_VALUES:
            raise NotJsonError(f"more than {MOST_VALUES} values")
        try:
            value = json.loads(self.body.decode("utf-8"), parse_constant=_no_constant)
        except UnicodeDecodeError as error:
            raise NotJsonError(f"not UTF-8 at byte {error.start}") from None
        except RecursionError:
            raise NotJsonError(f"more than {DEEPEST} levels of nesting") from None
        except ValueError as error:
            raise NotJsonError(str(error) if self.body else "an empty body") from None
        if _is_deeper(value, DEEPEST):
            raise NotJsonError(f"more than {DEEPEST} levels of nesting")
        return value

    @property
    def object(self) -> dict[str, Any]:
        """The body if it is a JSON object, else an empty one."""
        try:
            return self.json if isinstance(self.json, dict) else {}
        except NotJsonError:
            return {}


def _structural_signs(body: bytes) -> int:
    return sum(body.count(sign) for sign in b"[{,")


@dataclass(frozen=True)
class Exchange:
    """One request and what came of it: an answer, or the fault that stood in its place."""

    operation: str
    method: str
    url: str
    headers: Mapping[str, str]
    """As sent, by lower-case name; a placeholder stands for the key."""
    body: bytes
    response: Response | None
    fault: str = ""
    """Why there is no response, for people."""
    started: float = 0.0
    """When the request was sent, on the monotonic clock."""
    seconds: float = 0.0
    undocumented: bool = False
    """Whether the request asks what nothing documents."""

    @property
    def status(self) -> int | None:
        """The status, None without an answer."""
        return self.response.status if self.response else None

    def light(self, beyond: int = LARGEST_KEPT) -> Exchange:
        """The exchange without what nobody would read of a response that is too big to keep many of."""
        response = self.response
        size = sum(map(len, response.headers.values())) + len(response.body) if response else 0
        if response is None or size <= beyond:
            return self
        headers = {name[:LONGEST_HEADER]: value[:LONGEST_HEADER] for name, value in response.headers.items()}
        return replace(self, response=Response(response.status, headers, response.body[:LARGEST_KEPT]))

    def stored(self) -> Exchange:
        """The same to keep for the whole run: light, and its body not yet parsed, which may be many times its size."""
        light = self.light()
        return replace(light, response=replace(light.response)) if light.response else light

    def summary(self) -> str:
        """The exchange in one line."""
        return f"{self.method} {self.url} -> {self.status or self.fault}"


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether arrays and objects are nested deeper than this."""
    inner = [value]
    for _ in range(levels + 1):
        containers = [item for item in inner if isinstance(item, (dict, list))]
        inner = [item for one in containers for item in (one.values() if isinstance(one, dict) else one)]
        if not inner:
            return False
    return True


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")
