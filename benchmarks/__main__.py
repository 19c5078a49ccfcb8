"""Runs benchmarks by their numbers, or all: each prints a table and writes it, with a plot, to the output folder.

With --page the tables of those that ran take the place of theirs in a page, and the plots lie beside it.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from benchmarks import crowds, distance, emulators, mutants, page, peers, phases, sdks
from benchmarks.result import Result

ROOT = Path(__file__).parents[1]

BENCHMARKS: dict[int, tuple[str, Callable[[], Result]]] = {
    1: ("the suite beside Schemathesis alone, on two emulators", peers.measure),
    2: ("mutants found a second, by the suite and by Schemathesis alone", mutants.measure),
    3: ("a default run among few and many organizations", crowds.measure),
    4: ("a default run from near and far", distance.measure),
    5: ("the emulator beside the npm emulator, and among many organizations", emulators.measure),
    6: ("where the time of a default run goes", phases.measure),
    7: ("runs of SDKs, the first one and those that follow", sdks.measure),
}


def main() -> None:
    """Measures what the command line names."""
    given = command_line().parse_args()
    console = Console()
    console.print(machine())
    for number in given.numbers or BENCHMARKS:
        began = time.monotonic()
        result = BENCHMARKS[number][1]()
        console.print(result.table())
        console.print(*result.notes, sep="\n")
        files = result.write(given.output, machine())
        if given.page:
            page.insert(given.page, number, result, machine())
        console.print(f"{time.monotonic() - began:.0f} s; {', '.join(map(str, files))}\n", highlight=False)


def command_line() -> argparse.ArgumentParser:
    """The numbers, and where the files go."""
    subjects = "\n".join(f"  {number}  {subject}" for number, (subject, _) in BENCHMARKS.items())
    command = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=f"{__doc__}\n\n{subjects}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("numbers", nargs="*", type=number, metavar="NUMBER", help="which ones; all when none is named")
    command.add_argument("--output", type=Path, default=Path("reports/out/benchmarks"), metavar="FOLDER")
    command.add_argument("--page", type=existing, metavar="FILE", help="such as docs/performance.md")
    return command


def existing(name: str) -> Path:
    """A file that is there. Raises argparse.ArgumentTypeError."""
    if not Path(name).is_file():
        raise argparse.ArgumentTypeError(f"{name} is not there")
    return Path(name)


def number(text: str) -> int:
    """The number of a benchmark. Raises ValueError."""
    if int(text) not in BENCHMARKS:
        raise ValueError(text)
    return int(text)


def machine() -> str:
    """What was measured on, when, and how busy it was: figures of a busy machine compare only within one table."""
    moment = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    busy = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    return f"{moment}, {busy}, {platform.system()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
