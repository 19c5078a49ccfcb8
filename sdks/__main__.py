"""Gates every SDK that this machine can run, side by side.

    python -m sdks [NAME...] [--output FOLDER]

Each verdict goes into a folder that is named after its SDK, below `--output`, and what a run printed beside it. What
this machine cannot run is told in one line, and is no failure.
Exit codes: 0 when every run passed, 1 when one has findings, 2 or above when one came to no judgement, or none
could run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

from sdks import toolchain
from sdks.errors import SdkError
from sdks.request import parse
from sdks.table import SDKS

NOTHING_RAN = 2
PRINTED = "terminal.txt"
ROOT = Path(__file__).parents[1]


@frozen
class Run:
    """A run of the suite that is under way."""

    name: str
    program: subprocess.Popen[bytes]
    output: Path


def main() -> int:
    """Runs what the command line names, by default every SDK."""
    command = argparse.ArgumentParser(prog="python -m sdks", description=__doc__.split("\n", 1)[0])
    command.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SDKS)}")
    command.add_argument("--output", type=Path, default=Path("reports/out/sdks"), metavar="FOLDER")
    given = command.parse_args()
    began = time.monotonic()
    codes = list(finish(start(given.names or SDKS, given.output)))
    print(f"{len(codes)} SDKs in {time.monotonic() - began:.0f} s")
    return max(codes, default=NOTHING_RAN)


def start(names: Iterable[str], output: Path) -> list[Run]:
    """Starts the runs of all that can run."""
    runs = []
    for name in names:
        try:
            toolchain.check(parse(name).sdk, building=True)
        except SdkError as reason:
            print(f"{name}: not run: {reason}")
            continue
        folder = output / name
        folder.mkdir(parents=True, exist_ok=True)
        suite = [sys.executable, "-m", "pytest", "conformance", "--sdk", name, "--output", str(folder.resolve())]
        with (folder / PRINTED).open("wb") as printed:
            program = subprocess.Popen(suite, cwd=ROOT, stdout=printed, stderr=subprocess.STDOUT)  # noqa: S603 - our own
        runs.append(Run(name, program, folder))
    return runs


def finish(runs: list[Run]) -> Iterator[int]:
    """The exit code of each run, when it is over; after Ctrl-C each still removes what it has created."""
    try:
        for run in runs:
            code = run.program.wait()
            told = (run.output / PRINTED).read_text(encoding="utf-8", errors="replace").strip().splitlines()
            print(f"{run.name}: exit {code}: {told[-1] if told else ''} ({run.output / PRINTED})", flush=True)
            yield code
    except KeyboardInterrupt:
        for run in runs:
            run.program.wait()
        raise


if __name__ == "__main__":
    sys.exit(main())
