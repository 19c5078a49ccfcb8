"""What a call needs of an SDK, in the protocol's names of capabilities."""

from __future__ import annotations

import functools
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from sdks.calls import SdkCall
from specs import contract

Json: TypeAlias = Any

_BY_KEYWORD = {"type": "type", "enum": "unknown", "required": "absent"}


def lacking(call: SdkCall, unsupported: Mapping[str, str]) -> dict[str, str]:
    """The entries of `unsupported` that stand in the way of `call`."""
    needs = set(needed(call))
    return {name: reason for name, reason in unsupported.items() if any(covers(name, need) for need in needs)}


def covers(name: str, other: str) -> bool:
    """Whether a declared `name` covers `other`: itself, and all below it."""
    return other == name or other.startswith(f"{name}.")


def needed(call: SdkCall) -> Iterator[str]:
    """The names of all capabilities that `call` uses."""
    yield call.op
    for path, value in _arguments(call.args):
        yield f"{call.op}.{path}"
        if value is None:
            yield f"null.{call.op}.{path}"
    if "order" in call.args and isinstance(call.args["order"], str):
        yield f"{call.op}.order.{call.args['order']}"
    yield from (f"{aspect}.{call.op}.{path}" for aspect, path in _peculiarities(call))
    yield from _options(call)


def _options(call: SdkCall) -> Iterator[str]:
    message = call.command(0)
    yield from (f"opts.{option}.{call.op}" for option in message["opts"])
    yield from (f"client.{option}" for option in message["client"] if option in ("max_retries", "timeout_ms"))
    if urllib.parse.urlsplit(call.client.base_url).path:
        yield "client.base_url.path"


def _arguments(args: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every argument and member of one with its path: `domain_data.state`, `metadata.value`."""
    for name, value in args.items():
        here = f"{path}.{_word(path, name)}" if path else name
        yield here, value
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield from _arguments(item, here)


def _word(path: str, key: str) -> str:
    return "value" if path == "metadata" else key


def _peculiarities(call: SdkCall) -> Iterator[tuple[str, str]]:
    """Where an argument is not what the API describes: the aspect, and the argument's path."""
    for error in _validator(call.op).iter_errors(dict(call.args)):
        aspect = _BY_KEYWORD.get(str(error.validator))
        # A null argument has an aspect of its own; a null among the items of one is a value of another type.
        in_a_list = error.absolute_path and isinstance(error.absolute_path[-1], int)
        if aspect and (error.instance is not None or in_a_list):
            yield from ((aspect, path) for path in _paths(error, aspect))


def _paths(error: ValidationError, aspect: str) -> Iterable[str]:
    words = [str(step) for step in error.absolute_path if not isinstance(step, int)]
    if words[:1] == ["metadata"]:
        words[1:] = ["value"] * bool(words[1:])
    if aspect != "absent":
        return [".".join(words)]
    required: Json = error.validator_value
    given: Json = error.instance
    return [".".join([*words, name]) for name in required if name not in given]


@functools.cache
def _validator(op: str) -> Draft202012Validator:
    operation = contract.operations()["list" if op == "iterate" else op]
    schema = operation.body or {"type": "object", "properties": operation.query}
    return Draft202012Validator(schema)
