"""Times that a target has chosen: a script takes them from the response of the write that they belong to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from conformance.harness.evidence.scripts.shell import Substitutions
from conformance.harness.judges.checks import OF_AN_ORGANIZATION, TIMES, Check, Kind, compact
from conformance.harness.wire.exchange import Exchange


def told(checks: Sequence[Check], steps: Sequence[Exchange], decisive: Exchange) -> list[Check]:
    """The checks without those of a time that no write of the script is answered with, or those of several.

    Nor can a script tell the time of an organization from that of a domain of it.
    """
    body = compact(decisive.response.body.decode("utf-8", "replace")) if decisive.response else ""
    return [check for check in checks if not (time := _time_in(check)) or _is_told(*time, steps, body)]


def _is_told(field: str, value: str, steps: Sequence[Exchange], body: str) -> bool:
    owners = {str(step.response.object.get("id")) for step in steps if step.response and _shows(step, field, value)}
    return len(owners) == 1 and body.count(f'"{field}":') <= body.count(OF_AN_ORGANIZATION)


def kept(step: Exchange, checks: Sequence[Check], substitutions: Substitutions) -> Iterator[str]:
    """The lines that keep the times that a write was answered with, as far as a check names them."""
    for check in checks:
        field, value = _time_in(check) or ("", "")
        if field and _shows(step, field, value):
            name = substitutions.kept_time(value)
            yield f'{name}=$(value_of {field} {_place(step, field)}) && [ -n "${name}" ] || cannot_tell'


def _time_in(check: Check) -> tuple[str, str] | None:
    """Field and value, if what must be there is a time."""
    if check.kind is not Kind.HAS or not check.texts[0].startswith(tuple(f'"{field}":"' for field in TIMES)):
        return None
    [(field, value)] = json.loads(f"{{{check.texts[0]}}}").items()
    return field, value


def _shows(step: Exchange, field: str, value: str) -> bool:
    return step.method != "GET" and step.response is not None and step.response.object.get(field) == value


def _place(step: Exchange, field: str) -> int:
    """Which of the fields of this name in the response is that of the organization, from 1."""
    assert step.response is not None
    fields = step.response.object
    earlier = list(fields)[: list(fields).index(field)]
    return 1 + sum(json.dumps(fields[name]).count(f'"{field}": "') for name in earlier)
