"""The gate on a release of the stand-in SDK: a real run of the suite with ``--sdk``."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import tempfile
import time
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from sdks.job import Job
from sdks.table import SDKS, Sdk
from tests.mutants.sdks.faults import FAULTS
from tests.mutants.trial import QUIET, SEED, STRICT_LEVELS, SUITE, Trial, trial_of

NAME = "stand-in"
VERSION = "1.0.0"


class StandIn(Sdk):
    """The row of the stand-in in the table of SDKs: its folder is here."""

    @property
    def folder(self) -> Path:
        """Where the driver is."""
        return Path(__file__).parent


def build(job: Job) -> list[str]:
    """The command that starts the driver of the release that is wanted."""
    start = "import sys; sys.path.insert(0, sys.argv[1]); from tests.mutants.sdks.driver import main; main(sys.argv[2])"
    return [sys.executable, "-c", start, str(SUITE.parent), str(job.requested.version)]


def gate_selected(name: str) -> Trial:
    """The tests of the requirement that the release breaks."""
    return gate(name, "-k", FAULTS[name].requirement)


def gate(name: str, *options: str) -> Trial:
    """A run through a release; the empty name is that of the faithful one."""
    version = f"{VERSION}+{name}" if name else VERSION
    started, printed = time.monotonic(), io.StringIO()
    with in_the_table(), tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        arguments = [*QUIET, "--sdk", f"{NAME}=={version}", "--output", folder, "--seed", SEED, STRICT_LEVELS, *options]
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = pytest.main([str(SUITE), *arguments])
        file = Path(folder, "verdict.json")
        verdict = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    seconds = time.monotonic() - started
    return trial_of(int(code), printed.getvalue(), seconds, verdict or {"outcomes": [], "suite_errors": []})


@contextlib.contextmanager
def in_the_table() -> Iterator[None]:
    """Puts the stand-in among the SDKs for as long as a run takes."""
    table = SDKS
    assert isinstance(table, dict)
    table[NAME] = StandIn(NAME, "stand-in", "no registry", VERSION, ())
    module = types.ModuleType(f"sdks.{NAME}.build")
    module.__dict__["build"] = build
    sys.modules[f"sdks.{NAME}"], sys.modules[f"sdks.{NAME}.build"] = types.ModuleType(f"sdks.{NAME}"), module
    try:
        yield
    finally:
        del table[NAME]


if __name__ == "__main__":
    print(gate("").output)
