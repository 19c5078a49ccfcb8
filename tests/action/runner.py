"""Runs the shell steps of action.yml with the files and variables of a GitHub runner."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((REPOSITORY / "action.yml").read_text())
STEPS = {step["id"]: step for step in ACTION["runs"]["steps"]}
EXPRESSION = re.compile(r"\$\{\{ (.+?) \}\}")
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail")


@dataclass
class Job:
    """A job that uses the action with these inputs; its files lie in a folder."""

    folder: Path
    inputs: dict[str, str]
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of each step that was run."""
    log: str = ""

    def __post_init__(self) -> None:
        """The suite is installed already, so the step that installs it is not run."""
        environment = self.folder / "conformance"
        if not environment.exists():
            environment.symlink_to(sys.prefix)
        defaults = {name: described.get("default", "") for name, described in ACTION["inputs"].items()}
        self.inputs = defaults | self.inputs

    @property
    def summary(self) -> str:
        """The job summary."""
        return (self.folder / "summary.md").read_text()

    def run(self, name: str) -> int:
        """Runs a step; gives its exit code."""
        step = STEPS[name]
        output = self.folder / f"{name}.output"
        environment = {known: self._evaluated(value) for known, value in step.get("env", {}).items()}
        runner = {
            "RUNNER_TEMP": self.folder,
            "GITHUB_ACTION_PATH": REPOSITORY,
            "GITHUB_WORKSPACE": self.folder,
            "GITHUB_OUTPUT": output,
            "GITHUB_STEP_SUMMARY": self.folder / "summary.md",
        }
        script = self.folder / f"{name}.sh"
        script.write_text(step["run"])
        output.touch()
        (self.folder / "summary.md").touch()
        done = subprocess.run(
            [*SHELL, str(script)],
            env={"PATH": os.environ["PATH"], **{key: str(value) for key, value in runner.items()}, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.log += done.stdout
        self.outputs[name] = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return done.returncode

    def output(self, name: str) -> str:
        """An output of the action."""
        return self._evaluated(ACTION["outputs"][name]["value"])

    def _evaluated(self, template: str) -> str:
        return EXPRESSION.sub(lambda match: self._value(match[1].split(".")), template)

    def _value(self, path: list[str]) -> str:
        if path == ["runner", "temp"]:
            return str(self.folder)
        if path[0] == "inputs":
            return self.inputs[path[1]]
        assert path[0] == "steps"
        return self.outputs.get(path[1], {}).get(path[3], "")
