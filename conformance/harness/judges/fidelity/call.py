"""One call of an SDK as a whole: its requests, and the value or error that it ended with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.harness.judges.fidelity.discrepancy import Discrepancy, no_error_but, raw
from conformance.harness.judges.fidelity.error import judge_error
from conformance.harness.judges.fidelity.iteration import (
    judge_items,
    judge_items_before_error,
    judge_pages,
    succeeded,
)
from conformance.harness.judges.fidelity.sent.request import ITERATE, judge_request
from conformance.harness.judges.fidelity.served import requirement_of_success
from conformance.harness.judges.fidelity.value import judge_value
from conformance.harness.wire.proxy.recording import RecordedCall, RecordedExchange


def judge_call(
    operation: str,
    arguments: Mapping[str, Any],
    options: Mapping[str, Any],
    recorded: RecordedCall,
    reply: Mapping[str, Any],
) -> list[Discrepancy]:
    """What is wrong with a call, each thing once.

    Operation, arguments and options are those of the driver protocol's call, `reply` is its reply. After
    a redirect nothing is judged: where that may lead is for the scenarios of redirects.
    """
    exchanges = [exchange for exchange in recorded.exchanges if not exchange.late]
    if any(_is_redirect(exchange) for exchange in exchanges):
        return []
    found = list(_judge_requests(operation, arguments, options, exchanges, recorded.key))
    if reply["type"] == "value":
        found += _judge_value(operation, arguments, exchanges, reply)
    elif reply["type"] == "error" and exchanges:
        found += _judge_error(operation, exchanges[-1], reply, recorded.key)
        if operation == ITERATE:
            found += judge_items_before_error(arguments, exchanges, reply.get("items", []))
    return list(dict.fromkeys(found))


def _judge_requests(
    operation: str,
    arguments: Mapping[str, Any],
    options: Mapping[str, Any],
    exchanges: Sequence[RecordedExchange],
    api_key: str,
) -> Iterator[Discrepancy]:
    if operation == ITERATE:
        yield from judge_pages(arguments, options, exchanges, api_key)
        return
    attempts = [list(judge_request(operation, arguments, each.request, api_key, options)) for each in exchanges]
    for found in attempts:
        yield from (_lost(one) if one not in attempts[0] else one for one in found)
    lines = [(exchange.request.method, exchange.request.target, exchange.request.body) for exchange in exchanges]
    if exchanges and succeeded(exchanges[0]) and len(exchanges) > 1:
        yield Discrepancy("sdk.request.once", "one request, since it succeeded", f"{len(exchanges)} requests")
    elif other := [line for line in lines if line != lines[0]]:
        expected, seen = (raw(b" ".join(line)) for line in (lines[0], other[0]))
        yield Discrepancy("sdk.retry.same-request", expected, seen)


def _lost(found: Discrepancy) -> Discrepancy:
    """What is wrong with a later attempt alone: without a header of the first one it is another request."""
    is_header = found.requirement == "sdk.options.extra-headers"
    return found._replace(requirement="sdk.retry.same-request") if is_header else found


def _judge_value(
    operation: str, arguments: Mapping[str, Any], exchanges: Sequence[RecordedExchange], reply: Mapping[str, Any]
) -> Iterator[Discrepancy]:
    if not exchanges:
        yield Discrepancy("sdk.request.once", "a request", "a value without any request")
        return
    last, value = exchanges[-1], reply["value"]
    if not last.complete or last.response is None:
        if operation != "delete":
            yield Discrepancy("sdk.error.incomplete", f"an error, since {last.fault}", no_error_but(value))
    elif last.response.status >= 400:
        expected = f"an error, since the status is {last.response.status}"
        yield Discrepancy("sdk.error.raised", expected, no_error_but(value))
    elif operation == ITERATE:
        yield from judge_items(arguments, exchanges, value, complete=reply["complete"])
    else:
        yield from judge_value(operation, last.response.body, value)


def _judge_error(
    operation: str, last: RecordedExchange, reply: Mapping[str, Any], api_key: str
) -> Iterator[Discrepancy]:
    refused = last.response is not None and last.complete and last.response.status >= 400
    yield from judge_error(reply, last.response if refused else None, api_key)
    if succeeded(last) and not last.fault and reply["kind"] != "timeout":
        yield from _judge_unprovoked(operation, last, reply)


def _judge_unprovoked(operation: str, last: RecordedExchange, reply: Mapping[str, Any]) -> Iterator[Discrepancy]:
    """An error where the response is what the contract allows, under what is peculiar in the response."""
    assert last.response is not None
    api_operation = "list" if operation == ITERATE else operation
    requirement = requirement_of_success(api_operation, last.response.status, last.response.body)
    if requirement is not None:
        expected = f"a value, since {last.response.status} brought what the contract allows"
        yield Discrepancy(requirement, expected, f"{reply['class']}: {reply.get('message')}")


def _is_redirect(exchange: RecordedExchange) -> bool:
    return exchange.response is not None and 300 <= exchange.response.status < 400
