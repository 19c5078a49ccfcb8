"""Removes what earlier runs at this target were killed before removing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conformance.harness.plugin.preflight import NullListener
from conformance.harness.plugin.session import check_target, redactor_of
from conformance.harness.plugin.settings.options import target_of
from conformance.harness.wire.ownership.journal import Journal, State, journals
from conformance.harness.wire.ownership.owner import Ownership
from conformance.harness.wire.ownership.removal import Removal
from conformance.harness.wire.target import Target
from conformance.harness.wire.transports.chain import build_client
from conformance.harness.wire.transports.limits import Limits


@dataclass
class Reaped:
    """What became of leftovers."""

    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What may still be there, as Removal says it."""
    in_use: list[str] = field(default_factory=list)
    """Who has the journals of runs that are not over."""
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By run token: how many organizations the run created, and how many of them are removed by now."""

    def __str__(self) -> str:
        lines = [f"removed: {identifier}" for identifier in self.removed]
        lines += [f"not removed: {leftover}" for leftover in self.left]
        lines += [f"left alone: the organizations of a run that is still going on ({holder})" for holder in self.in_use]
        if self.removed or self.left:
            lines.append(f"{len(self.removed)} removed, {len(self.left)} not removed")
        return "\n".join(lines) or "nothing was left"


def report(config: pytest.Config) -> int:
    """Reaps, says on the terminal what came of it, and gives the number of organizations that may still be there.

    Raises pytest.UsageError when the target cannot be reached.
    """
    check_target(config, [])  # a journal holds what that may leave
    reaped = reap(target_of(config), config.option.output)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    assert isinstance(reporter, pytest.TerminalReporter)
    reporter.ensure_newline()
    reporter.write_line(redactor_of(config).text(str(reaped)))
    return len(reaped.left)


def leftovers(config: pytest.Config) -> str:
    """What runs at this target that were killed may have left, for people; empty where it is nothing."""
    found = journals(config.option.output, config.option.base_url)
    left = sum(len(journal.left) + len(journal.creates_that_are(State.OPEN)) for journal in found.idle)
    for journal in found.idle:
        journal.close()
    return f"up to {left} organizations may be left from earlier runs: --reap removes them" if left else ""


def reap(target: Target, folder: Path, session: str | None = None, obstacle: str = "") -> Reaped:
    """Removes what the journals in the folder hold, or those of one session; not those of runs that still live.

    `obstacle` is why the runs of the session were cut short, if they were: then there is no long trying.
    """
    limits = Limits(target)
    if obstacle:
        limits.end(obstacle)
        limits.is_gone = True
    limits.begin_removal()
    found = journals(folder, target.base_url, session)
    reaped = Reaped(in_use=found.in_use)
    for journal in found.idle:
        _reap(target, limits, journal, reaped)
        journal.close()
    return reaped


def _reap(target: Target, limits: Limits, journal: Journal, reaped: Reaped) -> None:
    gone = {claim.id for claim in journal.claims.values() if claim.removed}
    ownership = Ownership(journal)
    with build_client(target, ownership, NullListener(ownership), limits=limits) as http:
        reaped.left += Removal(http, journal, ownership, target.lag).remove_everything()
    reaped.counts[journal.token] = journal.created, journal.removed
    reaped.removed += [claim.id for claim in journal.claims.values() if claim.removed and claim.id not in gone]
