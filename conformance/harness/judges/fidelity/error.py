"""An error that an SDK raised, against the response that led to it.

An error comes in the form of the driver protocol. A field that the SDK's errors have no accessor for
is not in it, and nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.harness.judges.fidelity.discrepancy import MISSING, Discrepancy, shortened, shown
from conformance.harness.judges.fidelity.served import NotJsonError, json_of
from conformance.harness.wire.proxy.recording import RecordedResponse

KINDS = {
    400: "bad_request",
    401: "authentication",
    403: "authorization",
    404: "not_found",
    409: "conflict",
    422: "unprocessable",
    429: "rate_limit",
}
SERVER = "server"
WITHOUT_CLASS = "api"
"""The kind of an error response that the SDK has no class of its own for."""


def judge_error(error: Mapping[str, Any], response: RecordedResponse | None, api_key: str) -> Iterator[Discrepancy]:
    """What is wrong with the error of a call that failed on the wire.

    `response` is the last one of the call, a refusal, or None where no complete one came.
    """
    if api_key in str(error.get("message")):
        yield Discrepancy("sdk.error.no-key", "a message without the API key", "a message that holds it")
    if not error["is_sdk_error"]:
        seen = ": ".join(str(error[name]) for name in ("class", "message") if error.get(name))
        yield Discrepancy("sdk.error.own-class", "an error class of the SDK's own", shortened(seen))
    elif response is not None:
        yield from _judge_refusal(error, response)


def _judge_refusal(error: Mapping[str, Any], response: RecordedResponse) -> Iterator[Discrepancy]:
    status = response.status
    kind = KINDS.get(status, SERVER if status >= 500 else WITHOUT_CLASS)
    is_named = kind != WITHOUT_CLASS  # of other statuses nothing is promised, but that they are none of these
    if error["kind"] not in (kind, WITHOUT_CLASS) and (is_named or error["kind"] in (*KINDS.values(), SERVER)):
        yield Discrepancy("sdk.error.kind", f"{kind} for {status}", f"{error['kind']}, {error['class']}")
    served = _object_of(response.body)
    yield from _judge_carried("sdk.error.status", status, error.get("status", MISSING))
    if isinstance(served.get("code"), str):
        yield from _judge_carried("sdk.error.code", served["code"], error.get("code", MISSING))
    request_id = response.header("x-request-id")
    yield from _judge_carried("sdk.error.request-id", request_id, error.get("request_id", MISSING))
    message, seen = served.get("message"), error.get("message", MISSING)
    if isinstance(message, str) and seen is not MISSING and message not in str(seen):
        yield Discrepancy("sdk.error.message", f"message {shown(message)}", f"message {shown(seen)}")
    seconds = response.header("retry-after") or ""
    if seconds.isascii() and seconds.isdecimal() and error.get("retry_after", MISSING) not in (int(seconds), MISSING):
        yield Discrepancy("sdk.error.retry-after", f"{seconds} s", shown(error["retry_after"]))


def _judge_carried(requirement: str, served: Any, carried: Any) -> Iterator[Discrepancy]:
    if isinstance(served, (str, int)) and carried is not MISSING and carried != served:
        name = requirement.rpartition(".")[2].replace("-", " ")
        yield Discrepancy(requirement, f"{name} {shown(served)}", f"{name} {shown(carried)}")


def _object_of(body: bytes) -> dict[str, Any]:
    try:
        value = json_of(body)
    except NotJsonError:
        return {}
    return value if isinstance(value, dict) else {}
