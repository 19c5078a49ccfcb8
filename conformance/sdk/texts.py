"""Texts that a target may refuse or change, answered by a script: what becomes of them is up to the SDK alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from conformance.harness.api.sdk import Ask
from conformance.harness.wire.proxy.replies import Always, ByCursor, json_reply
from conformance.sdk.cases import CURSORS, served
from strategies.notorious import Fate, Field, notorious
from strategies.organizations import ID, maximal, minimal, page

CUSTOMER = "cus_NffrFeUfNV2Hib"
OF_DOMAINS = {"verification_prefix": "_WorkOS-Challenge.", "verification_token": " aB+/zZ9== "}
"""Texts in letters of both cases, with what is taken for padding."""

TIMES = {"created_at": "2024-02-29T00:00:00.007Z", "updated_at": "2026-07-01T23:59:59.070Z"}
"""A leap day, a summer day, and milliseconds with a zero in front and at the end."""


def asks(own: str) -> Iterator[Ask]:
    """Every operation that takes or gives back such texts, with each of them."""
    domains = texts(Field.DOMAIN, own)
    for body in bodies(own):
        whole = holding(body)
        yield Ask("create", body, Always(json_reply(*served("create", whole))))
        yield Ask("update", {"id": ID, **body}, Always(json_reply(*served("update", whole))))
        yield Ask("get", {"id": ID}, Always(json_reply(*served("get", whole))))
        yield Ask("list", {}, Always(json_reply(*served("list", whole))))
    for external_id in texts(Field.EXTERNAL_ID, own):
        found = minimal(external_id=external_id)
        yield Ask("lookup", {"external_id": external_id}, Always(json_reply(*served("lookup", found))))
    yield Ask("create", {"name": "Acme", "domains": domains}, Always(json_reply(*served("create"))))
    yield Ask("update", {"id": ID, "domains": domains}, Always(json_reply(*served("update"))))
    yield Ask("update", {"id": ID, "stripe_customer_id": CUSTOMER}, Always(json_reply(*served("update"))))
    yield Ask("list", {"domains": domains}, Always(json_reply(200, page([]))))
    yield from lists()


def lists() -> Iterator[Ask]:
    """Pages that are asked for with each cursor, and that carry it."""
    last = json_reply(200, page([minimal(2)]))
    for cursor in CURSORS:
        following = f"{cursor}Z"
        script = ByCursor({cursor: json_reply(200, page([minimal(1)], cursor, following)), following: last})
        yield Ask("list", {"after": cursor}, script)
        yield Ask("list", {"before": cursor}, ByCursor({None: json_reply(200, page([minimal(1)], before=cursor))}))


def texts(field: Field, own: str) -> list[str]:
    """The values of a field that nothing says a target must keep, but for those that have no form in UTF-8."""
    values = [entry.value(own) for entry in notorious(field, Fate.SHOULD, Fate.EITHER)]
    return [value for value in values if value.encode("utf-8", "ignore").decode() == value]


def bodies(own: str) -> Iterator[dict[str, Any]]:
    """Bodies of create and update, each with a text of every field as long as there are any left."""
    fields = (Field.NAME, Field.EXTERNAL_ID, Field.METADATA_KEY, Field.METADATA_VALUE, Field.DOMAIN)
    for name, external_id, key, value, domain in zip_longest(*(texts(field, own) for field in fields)):
        body = {
            "name": name,
            "external_id": external_id,
            "metadata": {key or "Key": value or "Value"},
            "domain_data": [{"domain": domain, "state": "pending"}] if domain else None,
        }
        yield {"name": "Acme"} | {field: given for field, given in body.items() if given is not None}


def holding(body: Mapping[str, Any]) -> dict[str, Any]:
    """The organization that a body makes, as it is served."""
    names = [item["domain"] for item in body.get("domain_data", ())] or ["D0.Example.COM"]
    domain = maximal()["domains"][0] | OF_DOMAINS | TIMES
    kept = {name: value for name, value in body.items() if name != "domain_data"}
    changed = {"stripe_customer_id": CUSTOMER, "allow_profiles_outside_organization": False, **TIMES}
    return maximal(domains=[domain | {"domain": name} for name in names]) | changed | kept
