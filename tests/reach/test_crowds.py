"""A faulty target has the same findings, however many organizations others have there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from starlette.types import ASGIApp

import tests.mutants.faults  # noqa: F401 - plants them
from emulator.paging import Page, Pages
from emulator.server import serving
from emulator.validation import Listing
from tests.conformance.suite import judge
from tests.mutants.parts.listing import without_search
from tests.mutants.planting import KEY, MUTANTS, assemble

CROWDS = (0, 40, 100)


class NormalFromTheOldest(Pages):
    """Knows no search, and under normal gives the oldest of all, whatever the cursor."""

    def page(self, listing: Listing) -> Page:
        asked = without_search(listing)
        return super().page(replace(asked, order="asc", before=None) if asked.order == "normal" else asked)


@pytest.mark.parametrize(
    "app",
    [
        pytest.param(MUTANTS["limit-ignored-without-filter"].app, id="limit ignored"),
        pytest.param(MUTANTS["cursor-inclusive"].app, id="cursors include their organization"),
        pytest.param(partial(assemble, NormalFromTheOldest), id="normal from the oldest on"),
    ],
)
def test_what_others_have_changes_no_finding(app: Callable[[int], ASGIApp], tmp_path: Path) -> None:
    verdicts = []
    for foreigners in CROWDS:
        with serving(app(foreigners)) as url:
            result = judge(tmp_path / str(foreigners), "--base-url", url, "--api-key", KEY, "--seed", "7")
        assert result.exit_code == 1, result.text
        verdicts.append({(o["requirement"], o["operation"]): o["status"] for o in result.verdict["outcomes"]})
    assert verdicts[1:] == verdicts[:1] * 2
