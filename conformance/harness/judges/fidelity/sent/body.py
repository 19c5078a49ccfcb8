"""The body of a request against the fields that were given."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from conformance.harness.judges.fidelity.differences import first_difference
from conformance.harness.judges.fidelity.discrepancy import MISSING, Discrepancy, raw, shown
from conformance.harness.wire.proxy.recording import RecordedRequest

EMPTY: tuple[Any, ...] = (None, "", [], {})
"""What null, absent and empty are mistaken for."""


class NotOneObjectError(ValueError):
    """A body is not one JSON object in UTF-8."""


def judge_body(fields: Mapping[str, Any], request: RecordedRequest) -> Iterator[Discrepancy]:
    """What is wrong with the body of a create or update that was given these fields."""
    types = b", ".join(request.header("content-type"))
    if types.partition(b";")[0].strip().lower() != b"application/json":
        yield Discrepancy("sdk.request.content-type", "application/json", raw(types) or "none")
    try:
        sent = _object(request.body)
    except NotOneObjectError as error:
        yield Discrepancy("sdk.request.body-valid", "one JSON object in UTF-8", f"{error}: {raw(request.body)}")
        return
    for name, given in fields.items():
        yield from _judge_field(name, given, sent.get(name, MISSING))
    for name in sent.keys() - fields.keys():
        yield Discrepancy("sdk.request.body-adds-nothing", f"no {name}", f"{name} {shown(sent[name])}")


def _judge_field(name: str, given: Any, seen: Any) -> Iterator[Discrepancy]:
    difference = first_difference(given, seen, name)
    if difference is None:
        return
    if difference.expected in EMPTY and difference.seen in (*EMPTY, MISSING):
        requirement = "sdk.request.null-and-absent"
    else:
        requirement = "sdk.request.body-complete" if seen is MISSING else "sdk.request.body-values"
    yield Discrepancy(requirement, *difference.texts)


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise NotOneObjectError(str(error)) from None
    if not isinstance(value, dict):
        raise NotOneObjectError("no object")
    return value


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name that is there twice")
    return dict(pairs)
