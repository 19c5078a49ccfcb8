"""Holds the scripts of findings against the targets that they speak of.

    python -m tests.reports.scripts [--every N] [NAME...]     a table: each mutant, and what its script says

A script must exit 1 at the mutant and 0 at the emulator. The suite runs only the tests of the requirement that
the mutant breaks; all tests where those do not notice it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import tests.mutants.faults  # noqa: F401 - plants them
from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from reports.verdict.verdict import Outcome, Status, read
from tests.mutants.planting import KEY, MUTANTS

ROOT = Path(__file__).parents[2]
PATIENCE = 180
NOT_MET = (Status.FINDING, Status.WARNING)


@dataclass(frozen=True)
class Tried:
    """What came of the script of a mutant."""

    at_mutant: int | None
    """Its exit code; None without a script."""
    at_emulator: int | None
    reason: str = ""
    """Why there is no script."""

    @property
    def word(self) -> str:
        """What that amounts to."""
        if self.at_mutant is None:
            return "no script"
        return "shows" if (self.at_mutant, self.at_emulator) == (1, 0) else "WRONG"


def tried(name: str, folder: Path) -> Tried:
    """Runs the suite against a mutant, and the script of its requirement against that and against the emulator."""
    mutant = MUTANTS[name]
    with serving(mutant.app()) as faulty, serving(Api(Store(), KEY).app()) as correct:
        outcomes = judged(name, faulty, folder)
        scripts = [outcome.evidence.script for outcome in outcomes if outcome.evidence.script]
        if not scripts:
            reasons = {outcome.evidence.no_script for outcome in outcomes} or {"not found"}
            return Tried(None, None, "; ".join(sorted(reasons)))
        return Tried(exit_code(scripts[0], faulty), exit_code(scripts[0], correct))


def outcomes_at(name: str, folder: Path) -> list[Outcome]:
    """What the suite says of the requirement that a mutant breaks."""
    with serving(MUTANTS[name].app()) as url:
        return judged(name, url, folder)


def judged(name: str, url: str, folder: Path) -> list[Outcome]:
    """What the tests of its requirement say of a mutant that is served here; else what all tests say."""
    mutant = MUTANTS[name]
    words = ["--base-url", url, "--api-key", KEY, "--output", str(folder), "--lag", "0.2", "--seed", "1"]
    command = [sys.executable, "-m", "pytest", "conformance", "-q", "-p", "no:cacheprovider", *words]
    for selected in ["-k", f"{mutant.requirement} or {mutant.occasion or mutant.requirement}"], []:
        subprocess.run([*command, *selected], cwd=ROOT, capture_output=True, timeout=PATIENCE, check=False)
        found = [o for o in read(folder / "verdict.json").of(*NOT_MET) if o.requirement == mutant.requirement]
        if found:
            return found
    return []


def exit_code(script: str, url: str, **variables: str) -> int:
    """What a script says of a target."""
    environment = {**os.environ, "BASE_URL": url, "WORKOS_API_KEY": KEY, **variables}
    command = ["sh", "-c", script]
    return subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, check=False).returncode


def main() -> int:
    """Prints the table; gives 1 when a script is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.reports.scripts", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--every", type=int, default=8, metavar="N", help="take each N-th mutant (8: about 100)")
    options = parser.parse_args()
    names = options.names or [name for name in sorted(MUTANTS) if not MUTANTS[name].flaky][:: options.every]
    words: Counter[str] = Counter()
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            result = tried(name, Path(folder))
        words[result.word] += 1
        codes = result.reason or f"{result.at_mutant} at the mutant, {result.at_emulator} at the emulator"
        print(f"{result.word:10} {MUTANTS[name].requirement:36} {name}: {codes}", flush=True)
    print(", ".join(f"{count} {word}" for word, count in words.items()))
    return 1 if words["WRONG"] else 0


if __name__ == "__main__":
    sys.exit(main())
