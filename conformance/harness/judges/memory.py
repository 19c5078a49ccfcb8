"""Judges what every answer says about the organizations that this run created.

The memory holds, for each of them, the state of the last write. Whatever the scenarios do, an
answer that contradicts it is a finding: the life cycle is checked on every exchange.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator

from conformance.harness.api.organization import ABSENT, OPTIONAL, Difference, differences
from conformance.harness.judges import model
from conformance.harness.judges.finding import Finding, finding
from conformance.harness.judges.shape import organizations_in
from conformance.harness.wire.exchange import Exchange
from specs.contract import operations

CUSTOMER = "stripe_customer_id"
WRITES = ("POST", "PUT", "DELETE")


@dataclass(frozen=True)
class Watch:
    """The state of affairs when a request set out."""

    writes_begun: int
    quiet: bool


@dataclass
class Remembered:
    """What is known of one organization."""

    fields: Mapping[str, Any] | None
    """Its state; None when a write is in doubt."""
    since: float
    """When it was last written, on the monotonic clock."""
    deleted: bool = False


class Memory:
    """The organizations of this run as they were last written. Not thread-safe by itself."""

    def __init__(self, lag: float) -> None:
        self._lag = lag
        self._known: dict[str, Remembered] = {}
        self._former_external_ids: dict[str, str] = {}
        self._customers: set[object] = set()
        """Ids of the organizations that were given a stripe_customer_id."""
        self._shown: set[tuple[str, str]] = set()
        """Which optional fields each operation has shown."""
        self._contested: set[str] = set()
        """External_ids that were asked for while another write was under way: anybody may have them."""
        self._writes_begun = 0
        self._writes_under_way = 0
        self.last_write = 0.0

    def on_request(self, method: str) -> Watch:
        """A request sets out; what this returns is handed back with its exchange."""
        quiet = self._writes_under_way == 0
        if method in WRITES:
            self._writes_begun += 1
            self._writes_under_way += 1
        return Watch(self._writes_begun, quiet)

    def on_response(self, exchange: Exchange, watch: Watch) -> Iterator[Finding]:
        """What the exchange contradicts. Nothing is judged that other writes overlapped."""
        undisturbed = watch.quiet and watch.writes_begun == self._writes_begun
        if exchange.method in WRITES:
            self._writes_under_way -= 1
            self.last_write = time.monotonic()
        judge = getattr(self, f"_judge_{exchange.operation}")
        yield from judge(exchange, undisturbed)

    def named(self, word: str) -> set[str]:
        """Ids of the living organizations whose names begin with the word."""
        living = {identifier: known.fields for identifier, known in self._known.items() if not known.deleted}
        return {
            identifier for identifier, fields in living.items() if fields and str(fields.get("name")).startswith(word)
        }

    def disagreements(self, exchange: Exchange) -> list[Finding]:
        """What a list says of the living that is not as it was last written, lag or no lag."""
        items = organizations_in(exchange.response.object) if exchange.response else ()
        known = ((item, self._known.get(str(item["id"]))) for item in items)
        return [
            found
            for item, remembered in known
            if remembered is not None and not remembered.deleted
            for found in self._contradictions("list.current-state", exchange, remembered, item)
        ]

    def _judge_create(self, exchange: Exchange, undisturbed: bool) -> Iterator[Finding]:
        created = self._organization(exchange, 201)
        if created is None:
            return
        if created["id"] in self._known and "idempotency-key" not in exchange.headers:
            yield finding("create.ids-differ", exchange, "a new id", f"{created['id']} again")
        if _is_valid(exchange):
            for broken in model.after_create(exchange.sent, created):
                yield _broken(broken, exchange)
        self._remember(created["id"], created)

    def _judge_update(self, exchange: Exchange, undisturbed: bool) -> Iterator[Finding]:
        target = _identifier(exchange)
        known = self._known.get(target)
        updated = self._organization(exchange, 200)
        if isinstance(exchange.sent, dict) and CUSTOMER in exchange.sent:
            self._customers.add(target)
        if known is None:
            return
        if updated is None:
            refused = exchange.status is not None and 400 <= exchange.status < 500
            self._remember(target, known.fields if refused and undisturbed else None, known.deleted)
            return
        if known.deleted:
            yield finding("delete.gone", exchange, "404 for what was deleted", str(exchange.status))
        if not undisturbed:
            self._contested.add(str(updated.get("external_id")))
        elif known.fields is not None and _is_valid(exchange):
            yield from self._judge_change(exchange, known.fields, updated)
        self._remember(target, updated if undisturbed else None)

    def _judge_change(
        self, exchange: Exchange, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> Iterator[Finding]:
        for broken in model.after_update(before, exchange.sent, after):
            yield _broken(broken, exchange)
        for difference in self._optional(exchange, before, after):
            if difference.place not in exchange.sent:
                yield _broken(model.Broken(model.KEPT, difference), exchange)
        if model.moved_back(before, after):
            yield finding(
                "update.moves-updated-at", exchange, f"not before {before['updated_at']}", str(after["updated_at"])
            )

    def _judge_delete(self, exchange: Exchange, undisturbed: bool) -> Iterator[Finding]:
        target = _identifier(exchange)
        known = self._known.get(target)
        if known is not None and not known.deleted and exchange.status == 404:
            yield finding("delete.leaves-others-alone", exchange, "an organization that nobody deleted", "404")
        if known is not None and exchange.response is not None and 200 <= exchange.response.status < 300:
            self._remember(target, known.fields, deleted=True)
        elif known is not None and exchange.status is None:
            self._known.pop(target)

    def _judge_get(self, exchange: Exchange, undisturbed: bool) -> Iterator[Finding]:
        known = self._known.get(_identifier(exchange))
        if known is not None and undisturbed:
            yield from self._judge_read(exchange, known, self._organization(exchange, 200))

    def _judge_lookup(self, exchange: Exchange, undisturbed: bool) -> Iterator[Finding]:
        external_id = _identifier(exchange)
        found = self._organization(exchange, 200)
        # Whether control characters survive the path is for a scenario to say: it is no MUST.
        if not undisturbed or external_id in self._contested or not external_id.isprintable():
            return
        holders = self._holders(external_id)
        if len(holders) == 1:
            yield from self._judge_read(exchange, self._known[holders[0]], found)
        elif holders:
            # Two organizations have it: that was wrong already, and either may be found now.
            return
        elif found is not None and found["id"] in self._known and self._certain(found["id"]):
            former = self._known[found["id"]]
            requirement = "delete.gone" if former.deleted else "lookup.exact"
            if self._former_external_ids.get(external_id) == found["id"] and not former.deleted:
                requirement = "lookup.after-change"
            yield finding(requirement, exchange, "404", f"organization {found['id']}")

    def _judge_list(self, exchange: Exchange, undisturbed: bool) -> Iterator[Finding]:
        if exchange.response is None or exchange.status != 200 or not undisturbed:
            return
        for item in organizations_in(exchange.response.object):
            known = self._known.get(item["id"]) if isinstance(item["id"], str) else None
            if known is None or time.monotonic() - exchange.seconds - known.since <= self._lag:
                continue
            if known.deleted:
                yield finding("delete.gone-from-lists", exchange, f"no {item['id']}", "still listed")
            else:
                yield from self._contradictions("list.current-state", exchange, known, item)

    def _judge_read(self, exchange: Exchange, known: Remembered, found: Mapping[str, Any] | None) -> Iterator[Finding]:
        requirement = f"{exchange.operation}.current-state"
        if known.deleted:
            if found is not None:
                yield finding("delete.gone", exchange, "404 for what was deleted", f"organization {found['id']}")
        elif found is not None:
            yield from self._contradictions(requirement, exchange, known, found)
        elif exchange.status == 404:
            yield finding(requirement, exchange, "the organization", "404")

    def _contradictions(
        self, requirement: str, exchange: Exchange, known: Remembered, seen: Mapping[str, Any]
    ) -> Iterator[Finding]:
        if known.fields is None:
            known.fields = seen
            return
        for difference in (*differences(known.fields, seen), *self._optional(exchange, known.fields, seen)):
            place = difference.place
            yield finding(requirement, exchange, f"{place} {difference.expected!r}", f"{difference.seen!r}")

    def _optional(
        self, exchange: Exchange, expected: Mapping[str, Any], seen: Mapping[str, Any]
    ) -> Iterator[Difference]:
        """Optional fields that an operation leaves out although it shows them, or shows although nobody set them."""
        for field in OPTIONAL:
            if field in seen:
                self._shown.add((exchange.operation, field))
            elif expected.get(field) and (exchange.operation, field) in self._shown:
                yield Difference(field, expected[field], ABSENT)
        if seen.get(CUSTOMER) is not None and seen.get("id") not in self._customers:
            yield Difference(CUSTOMER, ABSENT, seen[CUSTOMER])

    def _organization(self, exchange: Exchange, status: int) -> Mapping[str, Any] | None:
        """The organization of a successful answer, None when there is none that can be told apart."""
        if exchange.response is None or exchange.status != status:
            return None
        body = exchange.response.object
        return body if isinstance(body.get("id"), str) else None

    def _remember(self, identifier: str, fields: Mapping[str, Any] | None, deleted: bool = False) -> None:
        before = self._known.get(identifier)
        former = before.fields.get("external_id") if before is not None and before.fields else None
        if isinstance(former, str):
            self._former_external_ids[former] = identifier
        self._known[identifier] = Remembered(fields, time.monotonic(), deleted)

    def _certain(self, identifier: str) -> bool:
        return self._known[identifier].fields is not None

    def _holders(self, external_id: str) -> list[str]:
        """The living organizations that were last seen with this external_id."""
        return [
            identifier
            for identifier, known in self._known.items()
            if known.fields is not None and not known.deleted and known.fields.get("external_id") == external_id
        ]


def _identifier(exchange: Exchange) -> str:
    """The last segment of the path: an id, or an external_id."""
    return unquote(exchange.url.partition("?")[0].rpartition("/")[2])


def _is_valid(exchange: Exchange) -> bool:
    """Whether the request kept the rules: what a faulty target makes of others is judged elsewhere."""
    return _body_validator(exchange.operation).is_valid(exchange.sent)


@functools.cache
def _body_validator(operation: str) -> Draft202012Validator:
    schema = operations()[operation].body
    assert schema is not None
    return Draft202012Validator(schema)


def _broken(broken: model.Broken, exchange: Exchange) -> Finding:
    difference = broken.difference
    return finding(broken.requirement, exchange, f"{difference.place} {difference.expected!r}", f"{difference.seen!r}")
