"""Judges what every call says about the organizations that this run created.

The memory holds, for each of them, the state of the last write. Whatever the scenarios do, a
value that contradicts it is a finding: the life cycle is checked on every call.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from conformance.harness.api.call import Call, Refusal, Value
from conformance.harness.api.organization import ABSENT, OPTIONAL, Difference, differences, field_of
from conformance.harness.judges import checks
from conformance.harness.judges.finding import Finding, finding
from conformance.harness.judges.holding import of_difference
from conformance.harness.judges.shape import malformed_fields, organizations_in
from conformance.harness.judges.state import model, verbatim
from conformance.harness.judges.state.calls import is_valid, is_whole, not_found_but, of_missing, organization_in
from conformance.harness.judges.state.overlap import WRITES, IsUndisturbed, Overlap, Watch
from conformance.harness.judges.state.side_effects import Remembered, SideEffects
from conformance.harness.judges.wording import in_place

CUSTOMER = "stripe_customer_id"
FOUND, NOT_FOUND = (checks.status("2??"),), (checks.status(404),)


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
        self._side_effects = SideEffects()
        self._lost: dict[tuple[str, str], Finding] = {}
        """By write and field, the finding that ordinary values of the field do not come back."""
        self.ignored_update: Finding | None = None
        """That an update of several fields was answered as if nothing had been asked for."""
        self._overlap = Overlap()
        self.last_write = 0.0

    def on_call(self, operation: str, arguments: Mapping[str, Any]) -> Watch:
        """A call begins; what this returns is handed back with its outcome."""
        return self._overlap.begin(operation, arguments)

    def on_outcome(self, call: Call, watch: Watch) -> Iterator[Finding]:
        """What the call contradicts. Of no organization is said what another write of it overlapped.

        Nor is anything said of a call that was never sent.
        """
        self._overlap.end(call.operation, call.arguments)
        if call.operation in WRITES:
            self.last_write = time.monotonic()
            self._side_effects.note(call.operation)
        if call.exchange is not None:
            judge = getattr(self, f"_judge_{call.operation}")
            yield from judge(call, partial(self._overlap.is_undisturbed, watch))

    def named(self, word: str) -> set[str]:
        """Ids of the living organizations whose names begin with the word."""
        return {known.id for known in self._known.values() if known.is_named(word)}

    def unread(self) -> set[str]:
        """Ids of the living organizations that nothing has read by their ids, nor changed, since they were created."""
        return {known.id for known in self._known.values() if known.is_unread}

    def has_no_metadata(self, identifier: str) -> bool:
        """Whether the organization is known to hold no metadata."""
        known = self._known.get(identifier)
        return known is not None and known.fields is not None and known.fields.get("metadata") == {}

    def is_deleted(self, identifier: str) -> bool:
        """Whether the organization was deleted by a call that succeeded."""
        return identifier in self._known and self._known[identifier].deleted

    def disagreements(self, call: Call) -> list[Finding]:
        """What a list says of the living that is not as it was last written, lag or no lag."""
        return [
            found
            for item, remembered in self._listed(call)
            if not remembered.deleted
            for found in self._contradictions("list.current-state", call, remembered, item)
        ]

    def _listed(self, call: Call) -> list[tuple[Mapping[str, Any], Remembered]]:
        """The organizations of a page that are known, beside what is known of them."""
        value = call.outcome.json if isinstance(call.outcome, Value) else None
        items = [item for item in organizations_in(value) if isinstance(item["id"], str)]
        return [(item, self._known[item["id"]]) for item in items if item["id"] in self._known]

    def _judge_create(self, call: Call, is_undisturbed: IsUndisturbed) -> Iterator[Finding]:
        created = organization_in(call)
        if created is None:
            return
        if created["id"] in self._known and "idempotency_key" not in call.arguments:
            absent = [checks.lacks(created["id"], "id")]
            yield _finding("create.ids-differ", call, "a new id", f"{created['id']} again", absent)
        if is_valid(call):
            for broken in self._new_causes(call, model.after_create(call.body, created), created):
                yield _broken(broken, call)
        self._remember(created["id"], created)

    def _judge_update(self, call: Call, is_undisturbed: IsUndisturbed) -> Iterator[Finding]:
        target = call.arguments["id"]
        undisturbed = is_undisturbed(target)
        known = self._known.get(target)
        updated = organization_in(call)
        if CUSTOMER in call.body:
            self._customers.add(target)
        if known is None:
            return
        if updated is None:
            refused = isinstance(call.outcome, Refusal) and 400 <= call.outcome.status < 500
            self._remember(target, known.fields if refused and undisturbed else None, known.deleted)
            return
        if known.deleted:
            yield _finding("delete.gone", call, "404 for what was deleted", str(call.status), NOT_FOUND)
            self._known.pop(target)  # It may be there again or not: no more can be said of it.
            return
        self._side_effects.note_update(target, updated)
        if not undisturbed:
            self._contested.add(str(updated.get("external_id")))
        found = list(self._judge_change(call, known, updated)) if undisturbed else []
        yield from found
        # What an update wrongly shows may be wrong in its response alone: the next read tells.
        is_certain = undisturbed and not found and self.ignored_update is None and is_whole(updated)
        self._remember(target, updated if is_certain else None)

    def _judge_change(self, call: Call, known: Remembered, after: Mapping[str, Any]) -> Iterator[Finding]:
        if known.fields is None or not is_valid(call):
            return
        before = known.fields
        shown = [each for each in self._optional(call, before, after) if each.place not in call.body]
        found = [*model.after_update(before, call.body, after), *(model.Broken(model.KEPT, each) for each in shown)]
        ignored = model.ignored(before, call.body, after)
        if len(ignored) > 1:
            self.ignored_update = self.ignored_update or _broken(model.Broken(model.SET, ignored[0]), call)
        if ignored and self.ignored_update:
            yield self.ignored_update
            return
        for broken in self._new_causes(call, found, after):
            if broken.requirement == model.KEPT and self._side_effects.is_explained(known, broken.difference):
                continue
            spread = broken.requirement == model.KEPT and self._side_effects.of_own_update(known, broken.difference)
            yield _broken(model.Broken(spread or broken.requirement, broken.difference), call)
        if model.moved_back(before, after):
            earlier, moved = str(before["updated_at"]), [checks.later(".updated_at", str(before["updated_at"]))]
            yield _finding("update.moves-updated-at", call, f"not before {earlier}", str(after["updated_at"]), moved)

    def _new_causes(self, call: Call, found: Iterable[model.Broken], seen: Mapping[str, Any]) -> Iterator[model.Broken]:
        """What a write breaks, but for that of which the cause is known.

        It is known where ordinary values of the field are lost, or the field is malformed.
        """
        broken_writes = list(found)
        malformed = malformed_fields(seen) if broken_writes else ()
        for broken in broken_writes:
            field = broken.field
            if field in malformed:
                continue
            if broken.requirement in model.ORDINARY:
                self._lost.setdefault((call.operation, field), _broken(broken, call))
            elif self.lost(call.operation, field):
                continue
            if call.operation == "update" and ("create", field) in self._lost:
                continue
            yield broken

    def lost(self, operation: str, field: str) -> Finding | None:
        """The finding that a write loses ordinary values of a field; what a create loses, updates may lose too."""
        ignored = self.ignored_update if operation == "update" else None
        return self._lost.get(("create", field)) or self._lost.get((operation, field)) or ignored

    def _judge_delete(self, call: Call, is_undisturbed: IsUndisturbed) -> Iterator[Finding]:
        target = call.arguments["id"]
        known = self._known.get(target)
        if known is None:
            return
        if not known.deleted and call.status == 404 and is_undisturbed(target):
            yield _finding("delete.leaves-others-alone", call, "an organization that nobody deleted", "404", FOUND)
        if isinstance(call.outcome, Value):
            self._remember(target, known.fields, deleted=True)
        elif call.status is None:
            self._known.pop(target)

    def _judge_get(self, call: Call, is_undisturbed: IsUndisturbed) -> Iterator[Finding]:
        known = self._known.get(call.arguments["id"])
        if known is not None and is_undisturbed(known.id):
            yield from self._judge_read(call, known, organization_in(call))

    def _judge_lookup(self, call: Call, is_undisturbed: IsUndisturbed) -> Iterator[Finding]:
        external_id = call.arguments["external_id"]
        found = organization_in(call)
        # Whether control characters survive the path is for a scenario to say: it is no MUST.
        if external_id in self._contested or not external_id.isprintable():
            return
        holders = self._holders(external_id)
        if not all(map(is_undisturbed, holders or ([found["id"]] if found else []))):
            return
        if len(holders) == 1:
            yield from self._judge_read(call, self._known[holders[0]], found)
        elif holders:
            # Two organizations have it: that was wrong already, and either may be found now.
            return
        elif found is not None and (former := self._known.get(found["id"])) and former.fields is not None:
            requirement = "delete.gone" if former.deleted else "lookup.exact"
            if self._former_external_ids.get(external_id) == found["id"] and not former.deleted:
                requirement = "lookup.after-change"
            yield _finding(requirement, call, *not_found_but(found), NOT_FOUND)

    def _judge_list(self, call: Call, is_undisturbed: IsUndisturbed) -> Iterator[Finding]:
        if call.exchange is None:
            return
        for item, known in self._listed(call):
            if call.exchange.started - known.since <= self._lag or not is_undisturbed(known.id):
                continue
            if known.deleted:
                absent = [checks.lacks(item["id"])]
                yield _finding("delete.gone-from-lists", call, f"no {item['id']}", "still listed", absent)
            else:
                yield from self._contradictions("list.current-state", call, known, item)

    def _judge_read(self, call: Call, known: Remembered, found: Mapping[str, Any] | None) -> Iterator[Finding]:
        requirement = f"{call.operation}.current-state"
        if known.deleted:
            if found is not None:
                yield _finding("delete.gone", call, *not_found_but(found), NOT_FOUND)
        elif found is not None:
            contradictions = list(self._contradictions(requirement, call, known, found))
            if call.operation == "get" and not contradictions:
                known.confirmed = time.monotonic()
            yield from contradictions
        elif call.status == 404:
            broken = self._side_effects.of_absence(known, call.operation) or of_missing(call, requirement)
            yield _finding(broken, call, "status 200 with the organization", "status 404", FOUND)

    def _contradictions(
        self, requirement: str, call: Call, known: Remembered, seen: Mapping[str, Any]
    ) -> Iterator[Finding]:
        known.seen = time.monotonic()
        if known.fields is None:
            known.fields = seen if is_whole(seen) else None
            return
        found = [*differences(known.fields, seen), *self._optional(call, known.fields, seen)]
        malformed = malformed_fields(seen) if found else ()
        for difference in found:
            place = difference.place
            if field_of(place) in malformed or self._side_effects.is_explained(known, difference):
                continue
            spread = self._side_effects.of_change(known, difference)
            notorious = verbatim.requirement_of(place, difference.expected, difference.seen)
            broken = spread or notorious or requirement
            if model.is_hidden(difference) and any(name in call.arguments.get("query", "") for name in model.FILTERS):
                broken = model.FILTERED
            elif place == "domains" and len(difference.expected) >= model.MANY:
                broken = model.MANY_DOMAINS
            yield _finding(broken, call, *in_place(difference), of_difference(difference, call.operation))

    def _optional(self, call: Call, expected: Mapping[str, Any], seen: Mapping[str, Any]) -> Iterator[Difference]:
        """Optional fields that an operation leaves out although it shows them, or shows although nobody set them."""
        for field in OPTIONAL:
            if field in seen:
                self._shown.add((call.operation, field))
            elif expected.get(field) and (call.operation, field) in self._shown:
                yield Difference(field, expected[field], ABSENT)
        if seen.get(CUSTOMER) is not None and seen.get("id") not in self._customers:
            yield Difference(CUSTOMER, ABSENT, seen[CUSTOMER])

    def _remember(self, identifier: str, fields: Mapping[str, Any] | None, deleted: bool = False) -> None:
        before = self._known.get(identifier)
        former = before.fields.get("external_id") if before is not None and before.fields else None
        if isinstance(former, str):
            self._former_external_ids[former] = identifier
        states = (*before.former, before.fields) if before is not None and before.fields else ()
        now = time.monotonic()
        self._known[identifier] = Remembered(identifier, fields, now, deleted, states, now)

    def _holders(self, external_id: str) -> list[str]:
        """The living organizations that were last seen with this external_id."""
        return [
            identifier
            for identifier, known in self._known.items()
            if known.fields is not None and not known.deleted and known.fields.get("external_id") == external_id
        ]


def _finding(requirement: str, call: Call, expected: str, seen: str, holding: Iterable[checks.Check] = ()) -> Finding:
    assert call.exchange is not None
    return finding(requirement, call.exchange, expected, seen, holding)


def _broken(broken: model.Broken, call: Call) -> Finding:
    return _finding(
        broken.requirement, call, *in_place(broken.difference), of_difference(broken.difference, call.operation)
    )
