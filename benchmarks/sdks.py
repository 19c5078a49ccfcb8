"""(7) A run of each SDK: the first one, which installs it, and the one after it."""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from benchmarks.programs import Ended, run
from benchmarks.result import Cell, Plot, Result

SDKS = ("rust", "python", "java", "node", "go")
"""What takes longest begins."""
AT_ONCE = 5
"""More than half of a run is waiting, for time limits of the SDK and its repetitions."""


def measure() -> Result:
    """Each SDK with an empty cache, and again."""
    rows: list[list[Cell]] = []
    seconds: dict[str, list[float | None]] = {"first run": [], "second run": []}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = dict(zip(SDKS, pool.map(twice, SDKS), strict=True))
    for sdk, (first, second) in runs.items():
        judged = second.exit_code in (0, 1)
        rows.append(
            [sdk, first.seconds, second.seconds, second.cpu, second.exit_code, "" if judged else second.complaint]
        )
        seconds["first run"].append(first.seconds if judged else None)
        seconds["second run"].append(second.seconds if judged else None)
    columns = ["SDK", "first run, s", "second run, s", "CPU", "exit code", "why there is no judgement"]
    notes = [f"{AT_ONCE} at once."]
    return Result("7-sdks", "Runs of SDKs", columns, rows, [Plot("A run", "seconds", SDKS, seconds)], notes)


def twice(sdk: str) -> tuple[Ended, Ended]:
    """The first run, with an empty cache, and the one after it."""
    with tempfile.TemporaryDirectory() as cache:
        return judge(sdk, cache), judge(sdk, cache)


def judge(sdk: str, cache: str) -> Ended:
    """One run on the embedded emulator."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "conformance", "-q", "--sdk", sdk, "--output", folder]
        return run(command, environment={"XDG_CACHE_HOME": cache})
