"""Which tests of the suite are called together from afar."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.harness.plugin.judging.judge import Judge
from conformance.harness.plugin.session import verdict_of
from conformance.harness.plugin.side_by_side import SideBySide
from conformance.harness.wire.together import allowed

SUITE = Path(__file__).parents[2] / "conformance"


class Turns:
    """Takes note of the tests that are called together."""

    def __init__(self) -> None:
        self.together: list[list[pytest.Function]] = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        plugin = SideBySide(Judge(session.config, verdict_of(session.config)))
        plugin.pytest_collection_finish(session)
        self.together = list({id(items): items for items in plugin._waiting.values()}.values())


@pytest.fixture
def together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[pytest.Function]]:
    """The tests that are called together at a target far away."""
    monkeypatch.setattr(allowed, "calls", 16)
    turns = Turns()
    options = ["--collect-only", "-q", "-p", "no:cacheprovider", "--output", str(tmp_path)]
    assert pytest.main([str(SUITE), *options], [turns]) == 0
    return turns.together


def test_what_runs_last_is_called_with_nothing_else(together: list[list[pytest.Function]]) -> None:
    kinds = [{item.get_closest_marker("run_last") is not None for item in items} for items in together]
    assert all(len(kind) == 1 for kind in kinds)
    assert {True} in kinds


def test_tests_of_one_turn_are_called_together_whatever_file_they_stand_in(
    together: list[list[pytest.Function]],
) -> None:
    assert any(len({item.path for item in items}) > 1 for items in together)
