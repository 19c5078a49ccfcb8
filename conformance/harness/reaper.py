"""Removes what earlier runs at this target were killed before removing."""

from __future__ import annotations

import contextlib
from pathlib import Path

from conformance.harness import journal
from conformance.harness.client import Organizations
from conformance.harness.exchange import Exchange
from conformance.harness.ownership import Ownership
from conformance.harness.preflight import Deaf
from conformance.harness.target import Target
from conformance.harness.transport import ForeignOrganizationError, open_door

GONE = (200, 202, 204, 404)


def reap(target: Target, folder: Path) -> tuple[int, list[str]]:
    """How many organizations were removed, and the ids that could not be."""
    removed, left = 0, []
    for path, word, created in journal.leftovers(folder, target.base_url):
        with open_door(target, Ownership(created, word), Deaf()) as http:
            organizations = Organizations(http, set())
            stuck = [identifier for identifier in created if not _delete(organizations, identifier)]
        removed += len(created) - len(stuck)
        left += stuck
        if not stuck:
            path.unlink()
    return removed, left


def _delete(organizations: Organizations, identifier: str) -> bool:
    with contextlib.suppress(ForeignOrganizationError):
        exchange: Exchange = organizations.send("delete", {"id": identifier})
        return exchange.status in GONE
    return False
