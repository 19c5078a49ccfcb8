"""(7) A run of each SDK: the first one, which installs it, and the one after it."""

from __future__ import annotations

import sys
import tempfile

from benchmarks.programs import Ended, run
from benchmarks.result import Cell, Plot, Result

SDKS = ("python", "node", "go", "java", "rust")


def measure() -> Result:
    """Each SDK with an empty cache, and again."""
    rows: list[list[Cell]] = []
    seconds: dict[str, list[float | None]] = {"first run": [], "second run": []}
    for sdk in SDKS:
        with tempfile.TemporaryDirectory() as cache:
            first, second = judge(sdk, cache), judge(sdk, cache)
        judged = second.exit_code in (0, 1)
        rows.append(
            [sdk, first.seconds, second.seconds, second.cpu, second.exit_code, "" if judged else second.complaint]
        )
        seconds["first run"].append(first.seconds if judged else None)
        seconds["second run"].append(second.seconds if judged else None)
    columns = ["SDK", "first run, s", "second run, s", "CPU", "exit code", "why there is no judgement"]
    return Result("7-sdks", "Runs of SDKs", columns, rows, [Plot("A run", "seconds", SDKS, seconds)])


def judge(sdk: str, cache: str) -> Ended:
    """One run on the embedded emulator."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "conformance", "-q", "--sdk", sdk, "--output", folder]
        return run(command, environment={"XDG_CACHE_HOME": cache})
