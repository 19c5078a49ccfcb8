"""Holds recorded exchanges against the contract: each by itself, and the pages of a walk against each other.

Others may have written between two exchanges, and what was there before nobody knows. So a value is only
held against the request that it answers, and a page against its own query and the page that it follows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator

from conformance.harness.judges import shape
from conformance.harness.judges.finding import Finding, finding
from conformance.harness.judges.state import model
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.routes import route_of
from conformance.recorded import pages
from conformance.recorded.reading import ROOT
from specs.contract import Bounds, operations
from specs.requirements import Kind, catalogue, for_violation
from strategies.violations import broken_rules

Looked = tuple[str, str]
"""A requirement that was looked at, and the operation."""


class Judgement:
    """What a recording shows, and which requirements it says something of."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self.findings: list[Finding] = []
        self.looked_at: set[Looked] = set()
        walks = pages.Walks()
        for exchange in exchanges:
            self._judge_form(exchange)
            if exchange.response is None:
                continue
            if exchange.operation == "list":
                self._take(walks.judge(exchange, query_of(exchange)))
            elif exchange.operation in ("create", "update"):
                self._judge_write(exchange)
            else:
                self._take(_judge_identity(exchange))

    def _take(self, judged: Iterable[tuple[str, Finding | None]]) -> None:
        for requirement, found in judged:
            if found is not None:
                self.findings.append(found)
            self.looked_at.add((requirement, found.operation if found else catalogue()[requirement].operations[0]))

    def _judge_form(self, exchange: Exchange) -> None:
        self.findings += shape.judge(exchange)
        documented = operations()[exchange.operation].responses
        schema = documented.get(exchange.status or 0)
        spoken_of = {*requirements_in(schema), *_of_transport()}
        self.looked_at |= {
            (name, exchange.operation) for name in spoken_of if exchange.operation in catalogue()[name].operations
        }

    def _judge_write(self, exchange: Exchange) -> None:
        body = _json(exchange.body)
        if exchange.status in (200, 201) and isinstance(body, dict):
            self._judge_value(exchange, body)
        rules = broken_rules(exchange.operation, body) if body is not None else set()
        for place, keyword in sorted(rules):
            requirement = for_violation(exchange.operation, place, keyword).id
            accepted = exchange.status in (200, 201)
            seen = finding(
                requirement, exchange, f"a refusal: {keyword} at {place or 'the body'}", str(exchange.status)
            )
            self._take([(requirement, seen if accepted else None)])

    def _judge_value(self, exchange: Exchange, body: Mapping[str, Any]) -> None:
        assert exchange.response is not None
        shown = exchange.response.object
        schema = operations(Bounds.WIDE)[exchange.operation].body
        assert schema is not None
        if not Draft202012Validator(schema).is_valid(body):
            return
        if exchange.operation == "create":
            broken, requirement = list(model.after_create(body, shown)), model.CREATED
        else:
            # What it was before nobody knows: so it counts as unchanged, but for what the body sets.
            broken, requirement = list(model.after_update(shown, body, shown)), model.SET
        self.looked_at.add((requirement, exchange.operation))
        for fault in broken:
            if fault.field not in shown:
                continue  # the form of the response is at fault
            expected, seen = fault.difference.expected, fault.difference.seen
            place = fault.difference.place
            self.findings.append(finding(fault.requirement, exchange, f"{place} {expected!r}", f"{seen!r}"))


def _judge_identity(exchange: Exchange) -> Iterator[tuple[str, Finding | None]]:
    """A read shows the organization that was asked for."""
    assert exchange.response is not None
    if exchange.operation == "delete" or exchange.status != 200:
        return
    requirement, argument, field = {
        "get": ("get.exact-id", "id", "id"),
        "lookup": ("lookup.exact", "external_id", "external_id"),
    }[exchange.operation]
    asked = arguments_of(exchange)[argument]
    shown = exchange.response.object.get(field)
    yield requirement, None if shown == asked else finding(requirement, exchange, f"{field} {asked!r}", repr(shown))


def arguments_of(exchange: Exchange) -> Mapping[str, str]:
    """The arguments in the path of an exchange."""
    path = urlsplit(exchange.url).path
    route = route_of(exchange.method, path[path.find(ROOT) :])
    assert route is not None
    return route.arguments


def query_of(exchange: Exchange) -> dict[str, str]:
    """The query of an exchange; of a parameter that is there twice the last value."""
    return dict(parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True))


def requirements_in(schema: Any) -> set[str]:
    """The requirements that a schema of a response names, at any depth."""
    if isinstance(schema, dict):
        own = {schema[shape.REQUIREMENT]} if isinstance(schema.get(shape.REQUIREMENT), str) else set()
        return own.union(*map(requirements_in, schema.values()))
    return set().union(*map(requirements_in, schema)) if isinstance(schema, list) else set()


def _of_transport() -> Iterator[str]:
    return (name for name, known in catalogue().items() if known.kind is Kind.TRANSPORT)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
