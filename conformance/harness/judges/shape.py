"""Judges the form of every answer against the contract: status, content type, JSON, schema."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, cast

import httpx
from jsonschema import Draft202012Validator, ValidationError

from conformance.harness.api.organization import moment
from conformance.harness.judges import checks
from conformance.harness.judges.compiled import IsValid, compiled
from conformance.harness.judges.finding import Finding, finding
from conformance.harness.judges.holding import of_rule
from conformance.harness.judges.places import ITEMS
from conformance.harness.judges.rules import expected_of, seen_of
from conformance.harness.judges.wording import in_words, one_of
from conformance.harness.wire.exchange import Exchange, NotJsonError
from specs.contract import binding, operations
from specs.requirements import Kind, Level, catalogue

REQUIREMENT = "x-requirement"
MOST_ERRORS = 1000
"""Of one response that are looked at: no page has more that differ."""
COARSEST_CLOCK = timedelta(seconds=1)
JUDGED_KINDS = (Kind.SHAPE, Kind.TRANSPORT)


def judge(exchange: Exchange) -> Iterator[Finding]:
    """What the form of this answer breaks, each under the requirement that its schema names.

    Source of the promises: openapi.yaml, which cites nothing but S, O and R.
    """
    response = exchange.response
    if response is None:
        yield finding("answer.complete", exchange, "a complete answer", exchange.fault, [checks.status("[1-9]??")])
        return
    if exchange.undocumented and 400 <= response.status < 500:
        return
    succeeded = exchange.undocumented and 200 <= response.status < 300
    if "x-request-id" not in response.headers:
        yield finding("answer.request-id", exchange, "a header X-Request-ID", "none", [checks.header("x-request-id")])
    documented = operations()[exchange.operation].responses
    if response.status not in documented and not succeeded:
        statuses = one_of(documented)
        location = response.headers.get("location")
        seen = f"status {response.status}" + (f", to {location}" if location else "")
        yield finding("answer.status", exchange, f"status {statuses}", seen, [checks.status(*documented)])
    elif documented.get(response.status) is not None:
        yield from _judge_body(exchange)


def malformations(exchange: Exchange) -> Iterator[Finding]:
    """What the body of a success breaks of the MUSTs of its form."""
    schema = operations()[exchange.operation].responses.get(exchange.status or 0)
    if schema is not None and httpx.codes.is_success(exchange.status or 0):
        yield from (found for found in _judge_body(exchange) if _is_must(found.requirement))


def malformed_fields(organization: Mapping[str, Any]) -> set[str]:
    """The fields of an organization that break a MUST of its schema, those that are missing included."""
    fields: set[str] = set()
    for error in _validator("get", httpx.codes.OK).iter_errors(organization):
        if any(map(_is_must, _requirements(error))):
            place = [str(step) for step in error.absolute_path][:1]
            required = cast("list[str]", error.validator_value) if error.validator == "required" else []
            fields.update(place or (name for name in required if name not in organization))
    return fields


def _is_must(requirement: str) -> bool:
    return catalogue()[requirement].level is Level.MUST


def _judge_body(exchange: Exchange) -> Iterator[Finding]:
    response = exchange.response
    assert response is not None
    if response.media_type != "application/json":
        seen = response.headers.get("content-type", "missing")
        labelled = checks.header_value("content-type", "application/json")
        expected = "content type: application/json"
        yield finding("answer.content-type", exchange, expected, f"content type: {seen}", [labelled])
    try:
        body = response.json
    except NotJsonError as reason:
        yield finding("answer.json", exchange, "one JSON value in UTF-8", str(reason), [checks.begins("{", "[")])
        return
    for error in _errors(exchange.operation, response.status, body):
        for requirement in _requirements(error):
            yield finding(requirement, exchange, expected_of(error), seen_of(error), of_rule(error))
    yield from _judge_relations(exchange, body)


def _judge_relations(exchange: Exchange, body: Any) -> Iterator[Finding]:
    """What no schema can state: whose a domain is, that ids differ, that time goes forward."""
    met: Counter[str] = Counter()
    for organization in organizations_in(body):
        for domain in _domains_in(organization):
            met[str(domain.get("id"))] += 1
            owner = domain.get("organization_id")
            if isinstance(owner, str) and owner != organization.get("id"):
                named = str(organization.get("id"))
                yield finding(
                    "domain.organization-id",
                    exchange,
                    f"organization_id: {in_words(named)}",
                    f"organization_id: {in_words(owner)}",
                    [checks.has(named, "organization_id")],
                )
            yield from _judge_times("domain.updated-at", exchange, domain)
        yield from _judge_times("organization.updated-at", exchange, organization)
    for identifier, times in met.items():
        if times > 1:
            differ = checks.all_differ(f"{ITEMS * (exchange.operation == 'list')}.domains[].id")
            yield finding(
                "domain.ids-differ", exchange, "an id for each domain", f"{identifier} {times} times", [differ]
            )


def _domains_in(organization: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    domains = organization.get("domains")
    return [item for item in domains if isinstance(item, dict)] if isinstance(domains, list) else []


def _judge_times(requirement: str, exchange: Exchange, shown: Mapping[str, Any]) -> Iterator[Finding]:
    """Whether it was updated before its creation, by more than clocks of different precision show of one moment."""
    created, updated = moment(shown.get("created_at")), moment(shown.get("updated_at"))
    try:
        if isinstance(created, datetime) and isinstance(updated, datetime) and created - updated > COARSEST_CLOCK:
            yield finding(requirement, exchange, f"not before {shown['created_at']}", shown["updated_at"])
    except TypeError:  # one has a zone, the other has none, which the schema says
        return


def organizations_in(body: Any) -> list[Mapping[str, Any]]:
    """The organization objects of an answer: of the page, or the one that it is."""
    if not isinstance(body, dict):
        return []
    items = body.get("data") if isinstance(body.get("data"), list) else [body]
    return [item for item in items or () if isinstance(item, dict) and "id" in item]


def _errors(operation: str, status: int, body: Any) -> Iterator[ValidationError]:
    if not _is_valid(operation, status)(body):
        yield from islice(_validator(operation, status).iter_errors(body), MOST_ERRORS)


@functools.cache
def _is_valid(operation: str, status: int) -> IsValid:
    return compiled(_schema(operation, status))


@functools.cache
def _validator(operation: str, status: int) -> Draft202012Validator:
    return Draft202012Validator(_schema(operation, status), format_checker=Draft202012Validator.FORMAT_CHECKER)


def _schema(operation: str, status: int) -> Any:
    return binding(operations()[operation].responses[status])


def _requirements(error: ValidationError) -> list[str]:
    """The requirements behind a failed keyword: that of each missing property, else the schema's own."""
    schema: Any = error.schema
    if error.validator != "required":
        return [schema[REQUIREMENT]]
    missing = [name for name in schema["required"] if f"'{name}'" in str(error.message)]
    return [schema.get("properties", {}).get(name, schema)[REQUIREMENT] for name in missing]


def judged_requirements() -> list[str]:
    """The requirements that are judged by the form of every answer."""
    return [name for name, requirement in catalogue().items() if requirement.kind in JUDGED_KINDS]
