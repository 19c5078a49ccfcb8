"""Removes what earlier runs at this target were killed before removing."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.harness import journal
from conformance.harness.client import Organizations
from conformance.harness.options import target_of
from conformance.harness.ownership import Ownership
from conformance.harness.preflight import Deaf
from conformance.harness.session import check_target
from conformance.harness.target import Target
from conformance.harness.transport import ForeignOrganizationError, open_door

GONE = (200, 202, 204, 404)


def report(config: pytest.Config) -> int:
    """Reaps, says on the terminal what came of it, and gives the number of organizations that are still there.

    Raises pytest.UsageError when the target cannot be reached.
    """
    check_target(config)
    removed, left = reap(target_of(config), config.option.output)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    assert isinstance(reporter, pytest.TerminalReporter)
    reporter.ensure_newline()
    reporter.write_line(f"removed: {', '.join(removed) or 'nothing, as nothing was left'}")
    for identifier, reason in left.items():
        reporter.write_line(f"not removed: {identifier}: {reason}", red=True)
    return len(left)


def reap(target: Target, folder: Path) -> tuple[list[str], dict[str, str]]:
    """The ids of the organizations that are gone now, and why others are still there, by id."""
    removed: list[str] = []
    left: dict[str, str] = {}
    for path, word, created in journal.leftovers(folder, target.base_url):
        with open_door(target, Ownership(created, word), Deaf()) as http:
            organizations = Organizations(http, set())
            reasons = {identifier: _delete(organizations, identifier) for identifier in created}
        stuck = {identifier: reason for identifier, reason in reasons.items() if reason}
        removed += [identifier for identifier in created if identifier not in stuck]
        left |= stuck
        if not stuck:
            path.unlink()
    return removed, left


def _delete(organizations: Organizations, identifier: str) -> str:
    """Why the organization could not be removed, empty when it is gone."""
    try:
        exchange = organizations.send("delete", {"id": identifier})
    except ForeignOrganizationError:
        return "it is not the one that the run created"
    return "" if exchange.status in GONE else f"{exchange.status or exchange.fault}"
