"""From a reply of the protocol to what came of a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sdks import capabilities
from sdks.calls import Failed, Failure, NotExpressible, Raised, Reply, Returned

Json: TypeAlias = Any

ERROR_FIELDS = ("status", "code", "message", "request_id", "retry_after")


def read(reply: Mapping[str, Json], op: str, unsupported: Mapping[str, str], stderr: str) -> Reply:
    """What `reply`, valid by the schema, says of a call of `op`.

    Failed where it breaks a rule that the schema cannot state. `unsupported` is what the driver declared.
    """
    reading = _READERS[reply["type"]](reply, unsupported)
    if isinstance(reading, Returned) and (op == "iterate") != (reading.complete is not None):
        return Failed(Failure.PROTOCOL, f"value: 'complete' belongs to iterate, and to it alone; this is {op}", stderr)
    if isinstance(reading, str):
        failure = Failure.HARNESS if reply["type"] == "harness_error" else Failure.PROTOCOL
        return Failed(failure, reading, stderr)
    return reading


def _returned(reply: Mapping[str, Json], _: Mapping[str, str]) -> Reply:
    return Returned(reply["value"], reply.get("complete"))


def _raised(reply: Mapping[str, Json], _: Mapping[str, str]) -> Reply:
    fields = {name: reply[name] for name in ERROR_FIELDS if name in reply}
    items = tuple(reply["items"]) if "items" in reply else None
    return Raised(reply["class"], reply["is_sdk_error"], reply["kind"], fields, items)


def _not_expressible(reply: Mapping[str, Json], unsupported: Mapping[str, str]) -> Reply | str:
    reasons = {}
    for need in reply["what"]:
        covering = [name for name in unsupported if capabilities.covers(name, need)]
        if not covering:
            return f"unsupported: {need} was not declared in started"
        reasons[need] = unsupported[covering[0]]
    return NotExpressible(reasons)


def _harness_error(reply: Mapping[str, Json], _: Mapping[str, str]) -> str:
    return str(reply["message"])


_READERS: Mapping[str, Callable[[Mapping[str, Json], Mapping[str, str]], Reply | str]] = {
    "value": _returned,
    "error": _raised,
    "unsupported": _not_expressible,
    "harness_error": _harness_error,
}
