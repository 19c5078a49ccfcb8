"""The driver of the Python SDK; see ../protocol.schema.json."""

# ruff: noqa: E402 - file descriptor 1 is taken for the protocol before anything else is imported
from __future__ import annotations

import os

PROTOCOL = os.fdopen(os.dup(1), "wb", buffering=0)
os.dup2(2, 1)

import dataclasses
import datetime
import enum
import importlib.metadata
import inspect
import json
import math
import platform
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import workos
from workos.organizations.models import OrganizationDomainData

METHODS = {
    "create": "create_organization",
    "get": "get_organization",
    "lookup": "get_organization_by_external_id",
    "list": "list_organizations",
    "iterate": "list_organizations",
    "update": "update_organization",
    "delete": "delete_organization",
}
ARGUMENTS = {
    "create": ("name", "domain_data", "domains", "metadata", "external_id", "allow_profiles_outside_organization"),
    "get": ("id",),
    "lookup": ("external_id",),
    **dict.fromkeys(("list", "iterate"), ("before", "after", "limit", "order", "domains", "search")),
    "update": (
        *("id", "name", "domain_data", "domains", "metadata", "external_id", "stripe_customer_id"),
        "allow_profiles_outside_organization",
    ),
    "delete": ("id",),
}
KINDS = {
    "BadRequestError": "bad_request",
    "AuthenticationError": "authentication",
    "AuthorizationError": "authorization",
    "NotFoundError": "not_found",
    "ConflictError": "conflict",
    "UnprocessableEntityError": "unprocessable",
    "RateLimitExceededError": "rate_limit",
    "ServerError": "server",
    "APIError": "api",
    "ConfigurationError": "configuration",
    "WorkOSConnectionError": "connection",
    "WorkOSTimeoutError": "timeout",
}

writing = threading.Lock()
sharing = threading.Lock()
shared: dict[str, workos.WorkOSClient] = {}


def main() -> None:
    """Takes commands until there are no more; then ends at once, whatever still runs."""
    for line in sys.stdin.buffer:
        command = json.loads(line)
        if command["cmd"] == "stop":
            break
        if command["cmd"] == "start":
            reply(started())
        else:
            threading.Thread(target=answer, args=(command,), daemon=True).start()
    os._exit(0)


def started() -> dict[str, Any]:
    """What this driver speaks for."""
    return {
        "type": "started",
        "protocol": 1,
        "sdk": "python",
        "package": "workos",
        "version": importlib.metadata.version("workos"),
        "language": f"Python {platform.python_version()}",
        "operations": list(METHODS),
        "unsupported": json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")) | missing_parameters(),
    }


def missing_parameters() -> dict[str, str]:
    """What the methods of this very release do not take."""
    return {
        f"{op}.{argument}": f"{method} of this release has no parameter {argument}"
        for op, method in METHODS.items()
        for argument in ARGUMENTS[op]
        if argument not in inspect.signature(getattr(workos.organizations.Organizations, method)).parameters
    }


def answer(command: dict[str, Any]) -> None:
    """Makes a call and replies; a fault of this program is a harness_error."""
    try:
        outcome = call(command)
    except Exception as error:
        outcome = {"type": "harness_error", "message": f"{type(error).__name__}: {error}"}
    reply({**outcome, "seq": command["seq"]})


def call(command: dict[str, Any]) -> dict[str, Any]:
    """Everything of the SDK's, its constructors too, happens inside `attempt`."""
    unknown = [name for name in command["args"] if name not in ARGUMENTS[command["op"]]]
    if unknown:
        return {"type": "harness_error", "message": f"unknown arguments: {unknown}"}
    items: list[Any] = []

    def attempt() -> tuple[Any, bool | None]:
        client = client_of(command["client"])
        try:
            method = getattr(client.organizations, METHODS[command["op"]])
            result = method(**arguments(command["args"]), request_options=request_options(command["opts"]))
            if command["op"] != "iterate":
                return result, None
            return {"data": items}, collect(result.auto_paging_iter(), items, command["limits"])
        finally:
            if "shared" not in command["client"]:
                client.close()

    try:
        result, complete = attempt()
    except Exception as error:
        return raised(error) | ({"items": encoded(items)} if command["op"] == "iterate" else {})
    if complete is not None:
        return {"type": "value", "value": {"data": encoded(items)}, "complete": complete}
    return {"type": "value", "value": encoded(result)}


def collect(iterator: Any, items: list[Any], limits: dict[str, int]) -> bool:
    """Puts what comes into `items`; whether the iterator came to its end within the limits."""
    deadline = time.monotonic() + limits["ms"] / 1000
    for item in iterator:
        items.append(item)
        if len(items) >= limits["items"] or time.monotonic() >= deadline:
            return False
    return True


def client_of(options: dict[str, Any]) -> workos.WorkOSClient:
    """The client that the call names, or one of its own."""
    with sharing:
        if "shared" not in options:
            return new_client(options)
        if options["shared"] not in shared:
            shared[options["shared"]] = new_client(options)
        return shared[options["shared"]]


def new_client(options: dict[str, Any]) -> workos.WorkOSClient:
    """The SDK's parameters for the options that are given."""
    given: dict[str, Any] = {"api_key": options["api_key"], "base_url": options["base_url"]}
    if "max_retries" in options:
        given["max_retries"] = options["max_retries"]
    if "timeout_ms" in options:
        given["request_timeout"] = options["timeout_ms"] / 1000
    return workos.WorkOSClient(client_id="client_conformance", **given)


def request_options(opts: dict[str, Any]) -> Any:
    """The SDK's options of one call; None where none is given."""
    names = {"timeout_ms": "timeout"}
    return {names.get(key, key): value / 1000 if key == "timeout_ms" else value for key, value in opts.items()} or None


def arguments(args: dict[str, Any]) -> dict[str, Any]:
    """Domains become objects of the SDK's type; whatever else is handed over as it is."""
    given = dict(args)
    if isinstance(given.get("domain_data"), list):
        given["domain_data"] = [
            OrganizationDomainData(**item) if isinstance(item, dict) else item for item in given["domain_data"]
        ]
    return given


def raised(error: Exception) -> dict[str, Any]:
    """What the error says through its public attributes."""
    kinds = [KINDS[cls.__name__] for cls in type(error).__mro__ if cls.__name__ in KINDS]
    return {
        "type": "error",
        "class": f"{type(error).__module__}.{type(error).__qualname__}",
        "is_sdk_error": isinstance(error, workos.WorkOSError),
        "kind": kinds[0] if kinds else "other",
        "status": encoded(getattr(error, "status_code", None)),
        "code": encoded(getattr(error, "code", None)),
        "message": encoded(getattr(error, "message", str(error))),
        "request_id": encoded(getattr(error, "request_id", None)),
        "retry_after": encoded(getattr(error, "retry_after", None)),
    }


def encoded(value: Any) -> Any:
    """A value of the SDK's in the protocol's form."""
    for kinds, form in FORMS:
        if isinstance(value, kinds):
            return form(value)
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value) if not field.name.startswith("_")]
        return {name: encoded(getattr(value, name)) for name in names}
    return {"$other": f"{type(value).__name__}: {value!r}"}


FORMS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (enum.Enum, lambda value: {"$enum": value.value}),
    ((type(None), bool, int, str), lambda value: value),
    (float, lambda value: value if math.isfinite(value) else {"$other": repr(value)}),
    (datetime.datetime, lambda value: {"$date": value.isoformat()}),
    ((list, tuple), lambda value: [encoded(item) for item in value]),
    (Mapping, lambda value: {"$map": {str(key): encoded(item) for key, item in value.items()}}),
)


def reply(message: dict[str, Any]) -> None:
    """Writes one line."""
    line = json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
    with writing:
        while line:
            line = line[PROTOCOL.write(line) :]


if __name__ == "__main__":
    main()
