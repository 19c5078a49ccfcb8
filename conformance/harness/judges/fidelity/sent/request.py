"""What an SDK put on the wire, against the arguments that it was given.

Source of the promises: the sdk.request requirements, which rest on the OpenAPI document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from conformance.harness.judges.fidelity.discrepancy import Discrepancy, raw, shown
from conformance.harness.judges.fidelity.sent.body import judge_body
from conformance.harness.judges.fidelity.sent.query import judge_query
from conformance.harness.wire.proxy.recording import RecordedRequest
from specs.contract import Operation, operations

SEGMENT = re.compile(rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*")
"""RFC 3986, section 3.3: what one segment of a path may consist of."""

ITERATE = "iterate"
"""The operation of the driver protocol that lists page after page."""


def judge_request(
    operation: str,
    arguments: Mapping[str, Any],
    request: RecordedRequest,
    api_key: str,
    options: Mapping[str, Any] | None = None,
) -> Iterator[Discrepancy]:
    """What is wrong with one request of a call.

    `arguments` are those of the driver protocol: the path parameters, the query and the fields of the
    body by their names on the wire; null and absent differ. `options` are those of the call alone.
    """
    if request.fault:
        yield Discrepancy("sdk.request.well-formed", "an HTTP/1.1 request", f"{request.fault}: {raw(request.raw)}")
        return
    described = operations()["list" if operation == ITERATE else operation]
    misrouted = list(_judge_route(described, arguments, request))
    yield from misrouted
    if not misrouted:
        yield from judge_query(operation, arguments, request.query)
    yield from _judge_credentials(request, api_key)
    yield from _judge_options(request, options or {})
    if described.body is None:
        if request.body:
            yield Discrepancy("sdk.request.no-body", "no body", raw(request.body))
    else:
        in_path = _path_parameters(described)
        yield from judge_body({name: given for name, given in arguments.items() if name not in in_path}, request)


def _path_parameters(operation: Operation) -> set[str]:
    return {parameter["name"] for parameter in operation.parameters if parameter["in"] == "path"}


def _judge_route(operation: Operation, arguments: Mapping[str, Any], request: RecordedRequest) -> Iterator[Discrepancy]:
    """Method and path. A wrong path may take the query with it, so nothing is said of that then."""
    line = f"{raw(request.method)} {raw(request.target)}"
    if request.method.decode("ascii") != operation.method:
        yield Discrepancy("sdk.request.route", f"{operation.method} {operation.path}", line)
        return
    prefix, placeholder, _ = operation.path.partition("{")
    if not placeholder:
        if request.path.decode("ascii") != operation.path:
            yield Discrepancy("sdk.request.route", f"{operation.method} {operation.path}", line)
        return
    argument = arguments[operation.path[len(prefix) + 1 : -1]]
    if not _is_segment_of(request.path, prefix.encode("ascii"), argument):
        expected = f"{operation.method} {prefix} and one segment that decodes to {shown(argument)}"
        yield Discrepancy(_requirement_of_path(request.path, prefix.encode("ascii"), argument), expected, line)


def _is_segment_of(path: bytes, prefix: bytes, argument: str) -> bool:
    segment = path.removeprefix(prefix)
    return (
        path.startswith(prefix)
        and SEGMENT.fullmatch(segment) is not None
        and unquote_to_bytes(segment) == argument.encode("utf-8", "surrogatepass")
    )


def _requirement_of_path(path: bytes, prefix: bytes, argument: str) -> str:
    if argument in (".", ".."):
        return "sdk.request.dot-segment"
    return "sdk.request.path-segment" if path.startswith(prefix) else "sdk.request.route"


def _judge_credentials(request: RecordedRequest, api_key: str) -> Iterator[Discrepancy]:
    """The scheme may be in any case (RFC 9110, section 11.1), the key may not."""
    values = request.header("authorization")
    scheme, _, key = (values[0] if values else b"").partition(b" ")
    if len(values) != 1 or scheme.lower() != b"bearer" or key != api_key.encode():
        shown_values = ", ".join(map(raw, values)) or "none"
        yield Discrepancy("sdk.request.authorization", f"one Authorization: Bearer {api_key}", shown_values)
    agents = b" ".join(request.header("user-agent"))
    if b"workos" not in agents.lower():
        yield Discrepancy("sdk.request.names-release", "a User-Agent that names the SDK", raw(agents) or "none")


def _judge_options(request: RecordedRequest, options: Mapping[str, Any]) -> Iterator[Discrepancy]:
    given = {name: ("sdk.options.extra-headers", value) for name, value in options.get("extra_headers", {}).items()}
    if "idempotency_key" in options:
        given["Idempotency-Key"] = ("sdk.options.idempotency-key", options["idempotency_key"])
    for name, (requirement, value) in given.items():
        values = request.header(name)
        if values != [value.encode("utf-8")]:
            yield Discrepancy(requirement, f"{name}: {value}", ", ".join(map(raw, values)) or "none")
