"""Removes what earlier runs at this target were killed before removing."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.harness.api.http import Organizations
from conformance.harness.judges import shape
from conformance.harness.plugin.options import target_of
from conformance.harness.plugin.preflight import NullListener
from conformance.harness.plugin.session import check_target
from conformance.harness.wire import journal
from conformance.harness.wire.ownership import Ownership
from conformance.harness.wire.target import Target
from conformance.harness.wire.transport import ForeignOrganizationError, build_client

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
        ownership = Ownership(created, word)
        with build_client(target, ownership, NullListener()) as http:
            organizations = Organizations(http, set())
            created += _unrecorded(organizations, ownership, word, created)
            reasons = {identifier: _delete(organizations, identifier) for identifier in created}
        stuck = {identifier: reason for identifier, reason in reasons.items() if reason}
        removed += [identifier for identifier in created if identifier not in stuck]
        left |= stuck
        if not stuck:
            path.unlink()
    return removed, left


def _unrecorded(organizations: Organizations, ownership: Ownership, word: str, known: list[str]) -> list[str]:
    """Ids of what carries the word of the run although its journal does not know it: a create was under way."""
    response = organizations.send("list", params={"search": word, "limit": 100}).response
    listed = shape.organizations_in(response.object) if response else []
    found = [str(item["id"]) for item in listed if word in str(item.get("name")) and item["id"] not in known]
    for identifier in found:
        ownership.believe(identifier)
    return found


def _delete(organizations: Organizations, identifier: str) -> str:
    """Why the organization could not be removed, empty when it is gone."""
    try:
        exchange = organizations.send("delete", {"id": identifier})
    except ForeignOrganizationError:
        return "it is not the one that the run created"
    return "" if exchange.status in GONE else f"{exchange.status or exchange.fault}"
