"""The query of a request against the arguments of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote_plus

from conformance.harness.judges.fidelity.discrepancy import Discrepancy, raw
from conformance.harness.wire.proxy.recording import RecordedRequest
from specs.contract import operations

SIZE = "limit"


def cursors_of(request: RecordedRequest) -> list[str]:
    """The cursors that a list request asks to go on from: one, none, or wrongly several."""
    return parse_qs(request.query.decode("ascii", "replace"), keep_blank_values=True).get("after", [])


def judge_query(operation: str, arguments: Mapping[str, Any], query: bytes) -> Iterator[Discrepancy]:
    """What is wrong with the query: `arguments` are those of list or iterate, those of other operations are no query.

    A plus is read as a space, since servers read it so. Commas between domains may be encoded or not.
    """
    pairs = [pair.partition("=") for pair in query.decode("ascii", "replace").split("&") if pair]
    sent: dict[str, list[str]] = {}
    for name, _, value in pairs:
        sent.setdefault(unquote_plus(name), []).append(unquote_plus(value, errors="replace"))
    declared = operations()[operation if operation != "iterate" else "list"].query
    wanted = {name: given for name, given in arguments.items() if name in declared and given is not None}
    for name in sent.keys() - declared.keys():
        yield from _undeclared(name, wanted, query)
    for name, given in wanted.items():
        yield from _judge_parameter(name, given, sent, query)
    for name in declared.keys() & sent.keys() - wanted.keys():
        yield from _added(operation, declared[name], name, sent[name])


def _undeclared(name: str, wanted: Mapping[str, Any], query: bytes) -> Iterator[Discrepancy]:
    base = name.partition("[")[0]
    if base in wanted and base != name:
        yield Discrepancy("sdk.request.query-style", _in_style(base, wanted[base]), raw(query))
    else:
        yield Discrepancy("sdk.request.query-declared", "declared parameters alone", raw(query))


def _judge_parameter(name: str, given: Any, sent: Mapping[str, list[str]], query: bytes) -> Iterator[Discrepancy]:
    values = sent.get(name, [])
    expected = ",".join(given) if isinstance(given, list) else str(given)
    if values == [expected] or (given == [] and not values):
        return
    if len(values) > 1 or (values and _holds_all(given, values[0])):
        yield Discrepancy("sdk.request.query-style", _in_style(name, given), raw(query))
    elif values or not any(other.startswith(f"{name}[") for other in sent):
        yield Discrepancy("sdk.request.query-complete", _in_style(name, given), raw(query) or "no query")


def _holds_all(given: Any, value: str) -> bool:
    """Whether a list was sent whole, though otherwise than with commas between its items."""
    return isinstance(given, list) and bool(given) and all(str(item) in value for item in given)


def _added(operation: str, schema: Mapping[str, Any], name: str, values: list[str]) -> Iterator[Discrepancy]:
    """An iteration may choose the size of its pages: nobody sees it."""
    harmless = values == [str(schema.get("default"))] or (operation == "iterate" and name == SIZE)
    requirement = "sdk.request.query-adds-default" if harmless else "sdk.request.query-adds-nothing"
    yield Discrepancy(requirement, f"no {name}", f"{name}={','.join(values)}")


def _in_style(name: str, given: Any) -> str:
    return f"one {name}={','.join(given) if isinstance(given, list) else given}, encoded"
