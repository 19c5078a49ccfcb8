"""Wrong values at random places of responses, the same for one seed."""

from __future__ import annotations

import copy
import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from tests.conformance.altered import Passing

SOUND = 14
"""Requests that are answered as they should be, so that a run gets somewhere."""
SHARE = 0.2
"""Of the responses after these that are altered."""

JUNK: list[Any] = [
    None, True, 0, -1, 1.5, 10**30, 1e308, "", "x", "\ud800", "\0", "x" * 5000, [], {}, [[]], {"a": {}}, [None, 1, "x"],
    "10000-01-01T00:00:00.000Z", "0000-00-00T00:00:00Z", "2026-02-30T00:00:00.000Z", "-2026-01-01T00:00:00.000Z",
    "2026-01-01T00:00:00.000+99:99", "2026-01-01T00:00:60Z", "99999999999-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", {"id": 5}, ["x"] * 50,
    "org_\ud800", {"object": "organization"}, {"\ud800": "\udfff"}, [{"id": "org_\udfff"}, None, {"id": None}],
    "\x1b[2J\u202e", "../" * 9, "org_%2e%2e%2f", "http://[::1", {"": ""}, [{}] * 300, {str(n): n for n in range(300)},
]  # fmt: skip

RAW = {
    "digits": b"1" * 1_000_000,
    "fraction": b"0." + b"3" * 1_000_000,
    "infinite": b"1e999999",
    "nan": b"NaN",
    "minus": b"-Infinity",
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "nested": b'{"a":' * 900 + b"1" + b"}" * 900,
    "doubled": b'{"id": 1, "id": "org_2", "id": null}',
    "bytes": b'"\xff\xfe\x80"',
    "cut": b'{"id": "org_1", "na',
    "surrogates": rb'"\ud800\ud800\udfff"',
}
"""What Python's own writer of JSON would not write, by the name that stands for it."""
HEADERS = {
    "content-type": ["", "text/html", "application/json; charset=utf-7", "application/json; charset=nonsense", ";;;"],
    "date": ["", "yesterday", "Thu, 99 Foo 99999 99:99:99 GMT", "Mon, 01 Jan 10000 00:00:00 GMT"],
    "location": ["http://[::1", "//", "\xff"],
    "x-request-id": ["", "x" * 5000, "\xe9"],
    "content-encoding": ["gzip", "br", "\xff"],
}

Way: TypeAlias = "Callable[[Mutating, Any], Any]"


class Mutating:
    """Alters some responses, each in one of several ways."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._numbers = itertools.count()

    def __call__(self, passing: Passing) -> None:
        if next(self._numbers) < SOUND or self.random.random() > SHARE:
            return
        if passing.body.startswith(b"{"):
            value = self.random.choice(WAYS)(self, passing.json)
            passing.json = value
            passing.body = _with_raw(passing.body)
        if self.random.random() < 0.05:
            passing.status = self.random.choice((200, 204, 301, 404, 418, 500, 599))
        if self.random.random() < 0.05:
            name = self.random.choice(list(HEADERS))
            passing.headers[name] = self.random.choice(HEADERS[name])

    def junk(self) -> Any:
        """A value that is wrong nearly everywhere."""
        if self.random.random() < 0.15:
            return f"raw:{self.random.choice(list(RAW))}"
        return copy.deepcopy(self.random.choice(JUNK))


def some_places(mutating: Mutating, value: Any) -> Any:
    """Wrong values at one or a few places, or nothing there."""
    for _ in range(mutating.random.choice((1, 1, 2, 5))):
        holder, key = mutating.random.choice(list(places(value)) or [({"x": 1}, "x")])
        if isinstance(holder, dict) and mutating.random.random() < 0.3:
            del holder[key]
        else:
            holder[key] = mutating.junk()
    return value


def everything_else(mutating: Mutating, value: Any) -> Any:
    """Something else in the place of the whole body."""
    return mutating.junk()


def the_same_everywhere(mutating: Mutating, value: Any) -> Any:
    """One wrong value, such as null, in the place of each value that is not a container."""
    junk = mutating.junk()
    for holder, key in list(places(value)):
        if not isinstance(holder[key], (dict, list)):
            holder[key] = copy.deepcopy(junk)
    return value


def items_of_lists(mutating: Mutating, value: Any) -> Any:
    """Wrong values among the items of each list, or in the place of it."""
    for holder, key in list(places(value)):
        if isinstance(holder[key], list):
            holder[key] = mutating.random.choice(([mutating.junk()], [*holder[key], mutating.junk()], mutating.junk()))
    return value


WAYS: list[Way] = [some_places, some_places, some_places, everything_else, the_same_everywhere, items_of_lists]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place within a JSON value that holds another one."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield value, key
        yield from places(inner)


def _with_raw(body: bytes) -> bytes:
    for name, raw in RAW.items():
        body = body.replace(b'"raw:%s"' % name.encode(), raw, 3)
    return body
