"""The suite as its users start it: a process with an exit code, an output and a verdict."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

ROOT = Path(__file__).parents[2]
PATIENCE = 120

Program: TypeAlias = "subprocess.Popen[str]"


@dataclass(frozen=True)
class Result:
    """What a run of the suite left."""

    exit_code: int
    text: str
    verdict: dict[str, Any]
    output: Path

    def having(self, status: str) -> set[str]:
        """The requirements that have this status at some operation."""
        return {outcome["requirement"] for outcome in self.verdict["outcomes"] if outcome["status"] == status}


def start(output: Path, *arguments: str, own_group: bool = False) -> Program:
    """A run of the suite that has begun; in a group of its own its workers can be told what a terminal tells all."""
    command = [sys.executable, "-m", "pytest", "conformance", "-q", "-p", "no:cacheprovider", "--output", str(output)]
    return subprocess.Popen(
        [*command, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=own_group,
    )


def finish(program: Program, output: Path) -> Result:
    """The run's result, when it is over."""
    text, _ = program.communicate(timeout=PATIENCE)
    path = output / "verdict.json"
    return Result(program.returncode, text, json.loads(path.read_text()) if path.exists() else {}, output)


def judge(output: Path, *arguments: str) -> Result:
    """A whole run."""
    return finish(start(output, *arguments), output)
