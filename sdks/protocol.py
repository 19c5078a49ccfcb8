"""The messages of the driver protocol, checked in both directions."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any, NoReturn, TypeAlias

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from sdks.table import FOLDER

Json: TypeAlias = Any

VERSION = 1
START: Mapping[str, Json] = {"cmd": "start", "protocol": VERSION}
STOP: Mapping[str, Json] = {"cmd": "stop"}


class ProtocolError(Exception):
    """A message is none of the protocol's; the text says which rule it breaks, and where."""


def encode(command: Mapping[str, Json]) -> bytes:
    """One line for the driver. Raises ProtocolError when `command` is no command of the protocol."""
    _check("command", {"start", "call", "stop"}, command.get("cmd"), command)
    return json.dumps(command, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> dict[str, Json]:
    """The reply in one line of the driver's. Raises ProtocolError when it is none."""
    try:
        reply = json.loads(line.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"not a line of JSON ({error}): {_shown(line)}") from None
    if not isinstance(reply, dict):
        raise ProtocolError(f"not a JSON object: {_shown(line)}")
    _check("reply", {"started", "value", "error", "unsupported", "harness_error"}, reply.get("type"), reply)
    return reply


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _check(direction: str, names: set[str], name: Json, message: Mapping[str, Json]) -> None:
    if name not in names:
        raise ProtocolError(f"{name!r} is no {direction} of the protocol")
    error = best_match(_validator(name).iter_errors(message))
    if error is not None:
        raise ProtocolError(f"{name}: {error.json_path}: {error.message[:300]}")


@functools.cache
def _validator(name: str) -> Draft202012Validator:
    schema = json.loads((FOLDER / "protocol.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]})


def _shown(line: bytes) -> str:
    text = line.decode("utf-8", "replace").strip()
    return repr(text if len(text) <= 200 else f"{text[:200]}...")
