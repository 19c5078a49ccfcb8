"""A plugin that runs independent tests side by side, without a run of the suite around it."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.harness.judges.ledger import Ledger
from conformance.harness.plugin.judging.judge import Compared
from conformance.harness.plugin.side_by_side import SideBySide


class Run:
    """What the plugin needs to know of a run."""

    def __init__(self) -> None:
        self.ledger = Ledger()


class Judge:
    """What the plugin needs to know of the judge."""

    def __init__(self) -> None:
        self.compared = Compared()
        self.run = Run()


def pytest_configure(config: pytest.Config) -> None:
    """Registers the plugin."""
    config.option.sdk = None
    judge: Any = Judge()
    config.pluginmanager.register(SideBySide(judge), "side-by-side")
