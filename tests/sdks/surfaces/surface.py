"""What an SDK can express, and the names of all that it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from attrs import frozen

from sdks import capabilities
from specs import contract

OPTIONS = ("idempotency_key", "extra_headers", "timeout_ms", "max_retries", "base_url")
CLIENT = frozenset(("max_retries", "timeout_ms", "base_url.path"))
ERRORS = frozenset(("status", "code", "message", "request_id", "retry_after"))


@frozen
class Surface:
    """What a release declares, in the protocol's names."""

    arguments: Mapping[str, Set[str]]
    """By the operations that there are: arguments, and members of domain_data."""
    nullable: Mapping[str, Set[str]]
    """Those for which an explicit null differs from leaving the argument out."""
    options: Mapping[str, Set[str]]
    """Options of one call, by operation."""
    client: Set[str]
    errors: Set[str]
    page_has_cursors: bool = True

    @property
    def expresses(self) -> set[str]:
        """The protocol's names for all this."""
        names = {f"client.{option}" for option in self.client} | {f"error.{field}" for field in self.errors}
        names |= {"page.list_metadata"} if self.page_has_cursors else set()
        for op, arguments in self.arguments.items():
            names |= {op, *(f"{op}.{argument}" for argument in arguments)}
            names |= {f"null.{op}.{argument}" for argument in self.nullable[op]}
            names |= {f"opts.{option}.{op}" for option in self.options[op]}
        return names


def everything() -> set[str]:
    """The names of all that an SDK could express, as the API's document and the protocol have it."""
    names = {f"client.{option}" for option in CLIENT} | {f"error.{field}" for field in ERRORS}
    for op, operation in operations().items():
        names |= {op, *(f"{op}.{argument}" for argument in arguments(operation))}
        names |= {f"null.{op}.{argument}" for argument in optional(operation)}
        names |= {f"opts.{option}.{op}" for option in OPTIONS}
    return names | {"page.list_metadata"}


def expressible(unsupported: Mapping[str, str]) -> set[str]:
    """What is left of everything by what an SDK is declared not to express.

    What there is not cannot be null, an operation that there is not has no arguments, and without `list` is no page.
    """
    left = {name for name in everything() if not any(capabilities.covers(entry, name) for entry in unsupported)}
    gone = {op for op in operations() if op not in left}
    left = {name for name in left if not gone & set(name.split("."))}
    left -= {f"null.{name}" for name in everything() - left}
    return left - {"page.list_metadata"} if "list" in gone else left


def operations() -> dict[str, contract.Operation]:
    """The operations of the protocol."""
    found = contract.operations()
    return {**found, "iterate": found["list"]}


def arguments(operation: contract.Operation) -> Iterator[str]:
    """The names of its arguments, and of the members of domain_data."""
    yield from (parameter["name"] for parameter in operation.parameters if parameter["in"] == "path")
    yield from optional(operation)
    if "domain_data" in (operation.body or {}).get("properties", {}):
        yield from ("domain_data.domain", "domain_data.state")


def optional(operation: contract.Operation) -> Iterator[str]:
    """Those that are in the query or the body."""
    yield from operation.query
    yield from (operation.body or {}).get("properties", {})
