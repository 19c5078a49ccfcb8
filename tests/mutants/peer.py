"""The peer: what a plain run of Schemathesis, over the same contract, says of the same mutants.

It complains of the correct emulator too, so a mutant counts as noticed when a complaint is new.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import tests.mutants.faults  # noqa: F401 - plants them
from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from tests.mutants.planting import KEY, MUTANTS
from tests.mutants.trial import SEED

CONTRACT = Path(__file__).parents[2] / "specs" / "openapi.yaml"
SCHEMATHESIS = Path(sys.executable).with_name("st")
TIMEOUT = 300.0
"""Seconds that a run may take: a target that hangs costs it one time-out after the other."""

Complaint: TypeAlias = tuple[str, str]
"""The kind of a failure, and the operation."""


def complaints(name: str = "") -> set[Complaint]:
    """What a run of `st` with all its defaults has to say of a mutant, or of the correct emulator."""
    application = MUTANTS[name].app() if name else Api(Store(), KEY).app()
    with serving(application) as url, tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        options = ["--url", url, "--header", f"Authorization: Bearer {KEY}", "--seed", SEED]
        reporting = ["--report", "json", "--report-json-path", str(report)]
        command = [str(SCHEMATHESIS), "run", str(CONTRACT), *options, *reporting]
        try:
            subprocess.run(command, cwd=folder, capture_output=True, timeout=TIMEOUT, check=False)
        except subprocess.TimeoutExpired:
            return {("hangs", "")}
        return set(_read(json.loads(report.read_text(encoding="utf-8"))))


def _read(report: dict[str, Any]) -> Iterator[Complaint]:
    for failure in report["failures"]:
        yield from ((failure["type"], operation) for operation in failure["operations"])
    for error in report["errors"]:
        yield str(error.get("type", error)), ""
