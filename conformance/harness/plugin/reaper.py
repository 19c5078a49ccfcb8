"""Removes what earlier runs at this target were killed before removing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from conformance.harness.plugin.options import target_of
from conformance.harness.plugin.preflight import NullListener
from conformance.harness.plugin.session import check_target
from conformance.harness.wire.journal import journals
from conformance.harness.wire.ownership import Ownership
from conformance.harness.wire.removal import Removal
from conformance.harness.wire.target import Target
from conformance.harness.wire.transport import build_client


@dataclass(frozen=True)
class Reaped:
    """What became of leftovers."""

    removed: list[str]
    left: list[str]

    def __str__(self) -> str:
        if not (self.removed or self.left):
            return "nothing was left"
        lines = [f"removed: {', '.join(self.removed)}"] if self.removed else []
        return "\n".join(lines + [f"not removed: {identifier}" for identifier in self.left])


def report(config: pytest.Config) -> int:
    """Reaps, says on the terminal what came of it, and gives the number of organizations that are still there.

    Raises pytest.UsageError when the target cannot be reached.
    """
    check_target(config)
    reaped = reap(target_of(config), config.option.output)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    assert isinstance(reporter, pytest.TerminalReporter)
    reporter.ensure_newline()
    reporter.write_line(str(reaped))
    return len(reaped.left)


def reap(target: Target, folder: Path) -> Reaped:
    """Removes what the journals in the folder hold."""
    removed: list[str] = []
    left: list[str] = []
    for journal in journals(folder, target.base_url):
        before = journal.left
        ownership = Ownership(journal, journal.token, target.base_url)
        with build_client(target, ownership, NullListener(ownership)) as http:
            stuck = Removal(http, journal, journal.token).remove_everything()
        removed += [identifier for identifier in before if identifier not in stuck]
        left += stuck
        journal.close()
    return Reaped(removed, left)
