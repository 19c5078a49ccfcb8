"""What a script has to send before the request that decides: the organizations that it is about, and how they came."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from conformance.harness.evidence.scripts.chosen import shown_in_its_place
from conformance.harness.evidence.scripts.ground.rivals import rivals_of
from conformance.harness.evidence.scripts.ground.sense import is_against
from conformance.harness.evidence.scripts.ground.wrong import GONE, writes_of
from conformance.harness.evidence.steps import breaks_a_rule
from conformance.harness.judges.checks import Check, Kind, compact, counts_successes
from conformance.harness.judges.places import values_in
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.history import History, says
from conformance.harness.wire.mention import body_of

MOST_ORGANIZATIONS = 14
JUST_BEFORE = 1e-6
"""Seconds."""
CURSORS = {"before", "after"}
FILTERS = {"search", "domains"}


class NoScriptError(Exception):
    """No script can show the finding; the text says why."""


@dataclass(frozen=True)
class Needed:
    """What a script sends besides the request that decides."""

    steps: Sequence[Exchange]
    """What comes first, in order: writes, and earlier reads of the same address, which a cache may keep. Among the
    writes are those that were refused and took effect all the same."""
    rivals: Sequence[Exchange]
    """What is sent at the same time."""


def needed_for(decisive: Exchange, checks: Sequence[Check], shown: Sequence[Exchange], history: History) -> Needed:
    """What is needed for the request that decides; `shown` are those that the finding shows. Raises NoScriptError."""
    organizations = _organizations(decisive, checks, history)
    beside = [each for each in shown if each is not decisive] if any(map(counts_successes, checks)) else []
    for each in beside:
        organizations = {**_organizations(each, checks, history), **organizations}
    if decisive.operation == "list" and any(_is_anywhere(check, organizations.values()) for check in checks):
        raise NoScriptError("what one organization must not have, another one on the page has")
    of_its_own = [*organizations.get(_shown_by(decisive), ()), *[decisive] * (decisive.method != "GET")]
    of_its_own = [write for write in of_its_own if not breaks_a_rule(write)]
    if (decisive.status or 0) < 300 and any(is_against(check, of_its_own) for check in checks):
        raise NoScriptError("what is expected is not what was written: an earlier response was wrong")
    rivals = beside or rivals_of(decisive, writes_of(organizations, decisive, checks), organizations, history)
    if decisive.method == "GET":  # that creates came at the same time seldom matters to what is read
        rivals = [write for write in rivals if write.operation != "create"]
    organizations = {**_changed_by(rivals, history), **organizations}
    writes = writes_of(organizations, decisive, checks)
    reads = _earlier_reads(decisive, checks, writes, history)
    refused = [each for each in history.refused_before(decisive) if _took_effect(each, decisive)]
    steps = [*writes, *_without_what_comes_too_early([*reads, *refused], decisive, writes)]
    at_once = {each.started for each in (*rivals, decisive)}
    steps = [step for step in steps if step.started not in at_once]
    return Needed(sorted(steps, key=lambda step: step.started), rivals)


def _changed_by(rivals: Sequence[Exchange], history: History) -> dict[str, list[Exchange]]:
    """The organizations that the rivals change or delete, with what was written to each before."""
    return {
        known: writes
        for rival in rivals
        for known, writes in history.before(rival).items()
        if rival.url.endswith(f"/{known}")
    }


def _earlier_reads(
    decisive: Exchange, checks: Sequence[Check], writes: Sequence[Exchange], history: History
) -> list[Exchange]:
    """The reads of the same address, in which a cache may have begun.

    A list that shows the time of an earlier write may go by what another list has shown: this one is read before.
    """
    if decisive.method != "GET":
        return []
    reads = history.same_reads_before(decisive)
    if decisive.operation != "list" or reads or not any(check.kind is Kind.FIELD_IS for check in checks):
        return reads
    updates = [write for write in writes if write.operation == "update"]
    return [replace(decisive, started=update.started - JUST_BEFORE) for update in updates[:1]]


def _shown_by(decisive: Exchange) -> str:
    """The id of the organization that a response shows."""
    return str(decisive.response.object.get("id")) if decisive.response else ""


def _is_anywhere(check: Check, organizations: Iterable[Sequence[Exchange]]) -> bool:
    """Whether one of the organizations was last given what the response must lack."""
    if check.kind is not Kind.LACKS:
        return False
    field = check.texts[0].partition(":")[0] + ":"
    named = [[write for write in writes if says(write, [field])] for writes in organizations]
    return any(says(writes[-1], check.texts) for writes in named if writes)


def _took_effect(refused: Exchange, shown: Exchange) -> bool:
    """Whether an organization is as a request asked that was refused: gone, or with a text of an update.

    Or whether an external_id of that request is taken. No two tests ask for the same text.
    """
    if shown.operation in ("create", "update"):
        external_id = body_of(shown).get("external_id")
        return bool(external_id) and body_of(refused).get("external_id") == external_id
    if shown.operation != "get" or refused.operation == "create":
        return False
    if refused.operation == "delete":
        return shown.status in GONE
    organization = shown.response.object if shown.response else {}
    asked = {field: value for field, value in body_of(refused).items() if isinstance(value, str)}
    return any(organization.get(field) == value for field, value in asked.items())


def _without_what_comes_too_early(
    reads: Sequence[Exchange], decisive: Exchange, writes: Sequence[Exchange]
) -> Iterator[Exchange]:
    """Of the reads by id those after the create: before it, there is no id to read."""
    for read in reads:
        if decisive.operation != "get" or any(write.started < read.started for write in writes):
            yield read


def _organizations(decisive: Exchange, checks: Sequence[Check], history: History) -> Mapping[str, Sequence[Exchange]]:
    """The organizations that the script is about, with what was written to them."""
    named = history.before(decisive, [text for check in checks for text in check.texts])
    found = _found(decisive, history)
    if decisive.operation == "get" and found.keys() - named.keys():
        raise NoScriptError("the address was made of the id of an organization, and is not that id")
    named |= found
    if decisive.status in GONE and named:
        named |= history.deleted_before(decisive, named)
    if decisive.operation == "get" and decisive.status not in GONE:
        named |= history.source_of(decisive, [text for check in checks for text in _shown_instead(check, decisive)])
    theirs = [text for check in checks for text in shown_in_its_place(check, decisive)]
    named |= history.answered_with(decisive, theirs) if theirs else {}
    fewest = max((int(check.texts[0]) + 1 for check in checks if check.kind is Kind.AT_MOST), default=1)
    if decisive.operation == "list" and len(named) < fewest:
        named |= _shown(decisive, checks, history)
    if _follows_a_cursor_among_all(decisive) and any(check.kind is Kind.LACKS for check in checks):
        named |= history.created_between([write for writes in named.values() for write in writes], decisive)
    if len(named) > MOST_ORGANIZATIONS and decisive.operation == "list":
        named = _named_by(checks, named)
    if len(named) > MOST_ORGANIZATIONS:
        raise NoScriptError(f"the request concerns {len(named)} organizations")
    wider = named | {
        identifier: writes
        for known in named.values()
        for write in known
        for identifier, writes in history.before(write).items()
        if identifier not in named and not any(map(breaks_a_rule, writes))
    }
    named = wider if len(wider) <= MOST_ORGANIZATIONS else named
    return named


def _shown_instead(check: Check, decisive: Exchange) -> Iterator[str]:
    """The pieces of JSON by which a response fails a check: they may have been written to another organization."""
    field = check.texts[0].partition(":")[0].strip('"')
    if check.kind is Kind.LACKS:
        yield check.texts[0]
    elif check.kind is Kind.HAS and decisive.response is not None:
        for value in values_in(decisive.response.object, f".{field}"):
            yield compact(json.dumps({field: value}, ensure_ascii=False))[1:-1]


def _named_by(checks: Sequence[Check], named: Mapping[str, list[Exchange]]) -> dict[str, list[Exchange]]:
    """Of many organizations of which a list may show some, those that the checks name; all where they name none."""
    texts = "".join(text for check in checks for text in check.texts)
    return {known: writes for known, writes in named.items() if known in texts} or dict(named)


def _follows_a_cursor_among_all(decisive: Exchange) -> bool:
    """Whether it depends on all organizations in between which of them a page must not hold."""
    query = parse_qs(urlsplit(decisive.url).query)
    return decisive.operation == "list" and bool(CURSORS & query.keys()) and not FILTERS & query.keys()


def _found(decisive: Exchange, history: History) -> dict[str, list[Exchange]]:
    """The organization that a read has found, with what was written to it, also where it should have found none."""
    if decisive.operation not in ("get", "lookup") or decisive.response is None:
        return {}
    shown = _shown_by(decisive)
    return {known: writes for known, writes in history.before(decisive, [shown]).items() if known == shown}


def _shown(decisive: Exchange, checks: Sequence[Check], history: History) -> dict[str, list[Exchange]]:
    """Of a list that names nobody, the organizations in which the finding shows, or as many as a page has too many."""
    by_status = any(check.kind in (Kind.STATUS, Kind.HEADER, Kind.HEADER_VALUE, Kind.BEGINS) for check in checks)
    page = decisive.response.object if decisive.response else {}
    items = page.get("data")
    if by_status or (page and (not isinstance(items, list) or not items)):
        return {}
    if not isinstance(items, list):
        raise NoScriptError("it shows in a list that cannot be read as JSON")
    too_many = any(check.kind is Kind.AT_MOST for check in checks)
    guilty = items if too_many else [item for item in items if _fails(item, checks)][:1]
    ids = [str(item.get("id")) for item in guilty if isinstance(item, dict)]
    known = history.before(decisive, ids)
    if not known or (too_many and len(known) < len(items)):
        raise NoScriptError("it shows in a list, on an organization that the request does not name")
    return known


def _fails(item: Any, checks: Sequence[Check]) -> bool:
    return not all(check.holds_of(item) for check in checks)
