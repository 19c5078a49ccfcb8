"""Changes of what requests bring: other bounds, values converted before or after the rules are checked."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator

from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.refusals import InvalidParameters
from emulator.validation import Rules, invalid_body, refuse_constant
from specs.contract import Bounds, operations

Json: TypeAlias = dict[str, Any]
SchemaEdit: TypeAlias = Callable[[Json], object]
WRITES = ("create", "update")

# ---- Other bounds ---------------------------------------------------------------------------------------


def relaxed(edit: SchemaEdit, on: tuple[str, ...] = WRITES) -> type[Rules]:
    """Rules with other schemas for bodies."""

    class Relaxed(Rules):
        def __init__(self) -> None:
            super().__init__()
            for operation in on:
                schema: Any = copy.deepcopy(operations(Bounds.WIDE)[operation].body)
                edit(schema)
                setattr(self, f"_{operation}", Draft202012Validator(schema))

    return Relaxed


def without_keywords(name: str, *keywords: str) -> SchemaEdit:
    """Takes keywords of a field away."""

    def edit(schema: Json) -> None:
        for keyword in keywords:
            schema["properties"].get(name, {}).pop(keyword, None)

    return edit


def keyword(name: str, keyword: str, value: object) -> SchemaEdit:
    """Gives a field another bound."""
    return lambda schema: schema["properties"][name].update({keyword: value})


def states(*allowed: str) -> SchemaEdit:
    """Gives the state in domain_data other values to choose from."""

    def edit(schema: Json) -> None:
        schema["properties"]["domain_data"]["items"]["properties"]["state"]["enum"] = [*allowed]

    return edit


# ---- Converted before the rules are checked ---------------------------------------------------------------


def converted(change: Callable[[Json], object], on: tuple[str, ...] = WRITES) -> type[Rules]:
    """Rules that change what was sent before they look at it."""

    def read(rules: Rules, content: bytes) -> bytes:
        try:
            body = rules.parsed(content)
        except InvalidParameters:
            return content
        if isinstance(body, dict):
            change(body)
        return json.dumps(body, ensure_ascii=False).encode()

    class Converted(Rules):
        def create(self, content: bytes) -> Json:
            return super().create(read(self, content) if "create" in on else content)

        def update(self, content: bytes) -> Json:
            return super().update(read(self, content) if "update" in on else content)

    return Converted


def when(name: str, kinds: type | tuple[type, ...], function: Callable[[Any], object]) -> Callable[[Json], None]:
    """Changes a field whose value is of some type; True and False are no numbers."""

    def change(body: Json) -> None:
        value = body.get(name)
        if name in body and isinstance(value, kinds) and (kinds is bool or not isinstance(value, bool)):
            body[name] = function(value)

    return change


def dropped(name: str, fits: Callable[[Any], bool]) -> Callable[[Json], None]:
    """Drops a field that does not fit."""

    def change(body: Json) -> None:
        if name in body and not fits(body[name]):
            del body[name]

    return change


# ---- Converted after the rules were checked -----------------------------------------------------------------


def taken_in(field: str, change: Callable[[Any], Any], on: tuple[str, ...] = WRITES) -> type[Changes]:
    """Changes the value of a field before it is stored."""

    def changed(body: Body, operation: str) -> Body:
        return {**body, field: change(body[field])} if operation in on and body.get(field) is not None else body

    class Altered(Changes):
        def created(self, body: Body) -> Organization:
            return super().created(changed(body, "create"))

        def updated(self, known: Organization, body: Body) -> Organization:
            return super().updated(known, changed(body, "update"))

    return Altered


def each_key(change: Callable[[str], str]) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Changes the keys of metadata."""
    return lambda metadata: {change(key): value for key, value in metadata.items()}


def each_value(change: Callable[[str], str]) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Changes the values of metadata."""
    return lambda metadata: {key: value if value is None else change(value) for key, value in metadata.items()}


def pairs_where(keeps: Callable[[str, Any], bool]) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """Drops the pairs of metadata that are not kept."""
    return lambda metadata: {key: value for key, value in metadata.items() if keeps(key, value)}


# ---- Refused or failing for what they hold ---------------------------------------------------------------------


def checking(check: Callable[[bytes], object], on: tuple[str, ...] = WRITES) -> type[Rules]:
    """Rules that also look at the bytes of a body; the check may raise a refusal, or fail."""

    class Checking(Rules):
        def create(self, content: bytes) -> Json:
            if "create" in on:
                check(content)
            return super().create(content)

        def update(self, content: bytes) -> Json:
            if "update" in on:
                check(content)
            return super().update(content)

    return Checking


def refuse_larger_than(most: int) -> Callable[[bytes], None]:
    """Refuses with 422 what has more bytes."""

    def check(content: bytes) -> None:
        if len(content) > most:
            raise invalid_body("too_large", f"the body must have at most {most} bytes")

    return check


def loads(text: str | bytes, **options: Any) -> Any:
    """JSON without NaN and Infinity. Raises ValueError, also for more levels than can be read."""
    try:
        return json.loads(text, parse_constant=refuse_constant, **options)
    except RecursionError:
        raise ValueError("too many levels") from None


def with_bytes_replaced(content: bytes) -> Any:
    """JSON in which bytes that are no UTF-8 are replaced."""
    return loads(content.decode(errors="replace"))


def writable(value: Any) -> Any:
    """A JSON value that can be written as UTF-8. Raises ValueError for lone surrogates."""
    json.dumps(value, ensure_ascii=False).encode()
    return value


def parsing(parse: Callable[[bytes], Any]) -> type[Rules]:
    """Rules that read JSON in another way where the right way refuses it; ValueError still refuses it."""

    class Parsing(Rules):
        def parsed(self, content: bytes) -> Any:
            try:
                return super().parsed(content)
            except InvalidParameters as refusal:
                try:
                    return writable(parse(content))
                except (ValueError, RecursionError):
                    raise refusal from None

    return Parsing
