"""Which requests a script makes: the writes that lay its ground, then the one that decides."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator

from conformance.harness.wire.exchange import PLACEHOLDER, Exchange
from conformance.harness.wire.mention import BODIES_KEPT, body_of
from specs.contract import Bounds, operations

BEARER = f"Bearer {PLACEHOLDER}"
"""How requests carry the key unless a scenario says otherwise."""
CONSUMER_DOMAINS = {"gmail.com"}
"""Those that the suite asks for, which SHOULD be refused (source: D, domain-verification)."""
LAST_UPDATES = 3
"""Of one organization; of those before only some matter to what it looks like."""


def preparation(before: Mapping[str, Sequence[Exchange]], with_wrong: bool = False) -> list[Exchange]:
    """The writes that a correct target takes as well, in order; a faulty one may have taken others.

    Left out are those that ask for an external_id that another organization has, and, unless they are wanted, those
    that break a rule.
    """
    kept = []
    holders: dict[str, str] = {}
    for identifier, writes in before.items():
        taken = [write for write in writes if with_wrong or not breaks_a_rule(write)]
        updates = [write for write in taken if write.operation == "update"]
        deletes = [write for write in taken if write.operation == "delete"]
        if taken and taken[0] is writes[0]:
            kept += [(write, identifier) for write in (writes[0], *_that_matter(updates), *deletes)]
    steps: list[Exchange] = []
    refused: set[str] = set()
    for write, identifier in sorted(kept, key=lambda pair: pair[0].started):
        external_id = external_id_of(write)
        if identifier in refused or (external_id and holders.setdefault(external_id, identifier) != identifier):
            refused |= {identifier} if write.operation == "create" else set()
            continue
        if write.operation == "delete" or "external_id" in body_of(write):  # which frees what it had before
            holders = {name: holder for name, holder in holders.items() if holder != identifier or name == external_id}
        steps.append(write)
    return steps


def _that_matter(updates: Sequence[Exchange]) -> list[Exchange]:
    """The last updates, and of those before the ones that set what no later one has set."""
    kept: list[Exchange] = []
    known: set[str] = set()
    for update in reversed(updates):
        fields = set(_set_by(update))
        if len(kept) < LAST_UPDATES or any(
            field not in known and field.partition(".")[0] not in known for field in fields
        ):
            kept.append(update)
            known |= fields
    return kept[::-1]


def _set_by(update: Exchange) -> Iterator[str]:
    """The fields that an update sets; of metadata each key, since others stay, unless it empties all."""
    for field, value in body_of(update).items():
        if field == "metadata" and isinstance(value, dict) and value:
            yield from (f"metadata.{key}" for key in value)
        else:
            yield "domains" if field == "domain_data" else field


def breaks_a_rule(exchange: Exchange) -> bool:
    """Whether the request is one that every correct target refuses, by its key, its body or its query."""
    if exchange.headers.get("authorization", BEARER) != BEARER:
        return True
    if exchange.operation == "list":
        return any(not _is_allowed(name, value) for name, value in parse_qsl(urlsplit(exchange.url).query))
    return operations()[exchange.operation].body is not None and _is_broken_body(exchange.operation, exchange.body)


@functools.lru_cache(BODIES_KEPT)
def _is_broken_body(operation: str, body: bytes) -> bool:
    """Whether a body breaks a rule of the operation. Each script asks it of many writes of the run."""
    try:
        value = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return True
    return not _validator(operation).is_valid(value) or bool(CONSUMER_DOMAINS & _domains_in(value))


def _domains_in(body: dict[str, Any]) -> set[str]:
    """The names in the domain_data of a body that is valid."""
    return {str(item.get("domain")) for item in body.get("domain_data") or ()}


def _is_allowed(name: str, value: str) -> bool:
    schema = operations(Bounds.WIDE)["list"].query.get(name)
    if schema is None:
        return True
    if schema.get("type") == "integer":
        return value.isdigit() and Draft202012Validator(schema).is_valid(int(value))
    return Draft202012Validator(schema).is_valid(value) or schema.get("type") == "array"


@functools.cache
def _validator(operation: str) -> Draft202012Validator:
    schema = operations(Bounds.WIDE)[operation].body
    assert schema is not None
    return Draft202012Validator(schema)


def external_id_of(write: Exchange) -> str:
    """The external_id that a write asks for, "" for none."""
    if write.operation == "delete":
        return ""
    try:
        body = json.loads(write.body)
    except (ValueError, RecursionError):
        return ""
    value = body.get("external_id") if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""
