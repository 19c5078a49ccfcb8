"""A faulty target has the same findings, however many organizations others have there."""

from __future__ import annotations

from pathlib import Path

import pytest

import tests.mutants.faults  # noqa: F401 - plants them
from emulator.server import serving
from tests.conformance.suite import judge
from tests.mutants.planting import KEY, MUTANTS

CROWDS = (0, 40, 100)


@pytest.mark.parametrize("name", ["limit-ignored-without-filter", "cursor-inclusive"])
def test_what_others_have_changes_no_finding(name: str, tmp_path: Path) -> None:
    verdicts = []
    for foreigners in CROWDS:
        with serving(MUTANTS[name].app(foreigners)) as url:
            result = judge(tmp_path / str(foreigners), "--base-url", url, "--api-key", KEY, "--seed", "7")
        assert result.exit_code == 1, result.text
        verdicts.append({(o["requirement"], o["operation"]): o["status"] for o in result.verdict["outcomes"]})
    assert verdicts[1:] == verdicts[:1] * 2
