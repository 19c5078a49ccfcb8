"""Earlier writes that a correct target refuses: which of them a script sends, too.

Whoever refuses them has no fault, and what is looked at then does not show one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from conformance.harness.evidence.steps import BEARER, breaks_a_rule, preparation
from conformance.harness.judges.checks import Check, Kind, is_to_be_refused
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.history import says

GONE = (404, 410)


def writes_of(
    organizations: Mapping[str, Sequence[Exchange]], decisive: Exchange, checks: Sequence[Check]
) -> list[Exchange]:
    """The writes of the organizations that a script sends before the request that decides, in order."""
    wrong = [write for writes in organizations.values() for write in writes if breaks_a_rule(write)]
    if not wrong or not _may_be_due_to(wrong, decisive, checks):
        return preparation(organizations)
    guilty = _guilty_of(wrong, checks)
    is_about_404 = decisive.status in GONE and not any(check.kind is Kind.STATUS for check in checks)
    kept = {
        known: [
            _with_the_key(write) if is_about_404 and write.operation == "delete" else write
            for write in writes
            if write in guilty or write not in wrong
        ]
        for known, writes in organizations.items()
    }
    return preparation(kept, with_wrong=True)


def _may_be_due_to(wrong: Sequence[Exchange], decisive: Exchange, checks: Sequence[Check]) -> bool:
    """Whether what came of a request may come of these writes.

    What is refused for its key alone is refused whatever there is.
    """
    if decisive.headers.get("authorization", BEARER) != BEARER and is_to_be_refused(checks):
        return False
    if decisive.status in GONE and any(write.operation == "delete" for write in wrong):
        return True
    if decisive.method == "GET" and not any(check.kind is Kind.STATUS for check in checks):
        return True
    is_of_the_same = all(write.url == decisive.url for write in wrong)
    return not breaks_a_rule(decisive) and not (is_of_the_same and is_to_be_refused(checks))


def _guilty_of(wrong: Sequence[Exchange], checks: Sequence[Check]) -> list[Exchange]:
    """The last update that says what must not be there, and all creates; every write where no update says it."""
    texts = [text for check in checks if check.kind is Kind.LACKS for text in check.texts]
    updates = [write for write in wrong if write.operation == "update" and says(write, texts)]
    if not updates:
        return list(wrong)
    return [*(write for write in wrong if write.operation == "create"), max(updates, key=lambda write: write.started)]


def _with_the_key(delete: Exchange) -> Exchange:
    """What a 404 says shows only on what is gone, however that came about."""
    return replace(delete, headers={**delete.headers, "authorization": BEARER})
