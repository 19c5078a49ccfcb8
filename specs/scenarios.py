"""Where each requirement is checked: what pytest collects from the suite, by requirement.

    python -m specs.scenarios       the same as JSON

It is collected in a process of its own: pytest is made to be started once in each.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from specs.contract import SPECS

ROOT = SPECS.parent
SUITE = "conformance"
MARKER = "requirement"


class UncollectedError(Exception):
    """The suite cannot be collected; the text is what pytest said."""


@dataclass(frozen=True, order=True)
class Scenario:
    """One test of the suite, whatever its parameters."""

    file: str
    """Relative to the repository."""
    line: int
    name: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def scenarios(suite: str | Path = SUITE) -> Mapping[str, Sequence[Scenario]]:
    """The scenarios of the suite by the id of the requirement that they check, in order of place.

    Raises UncollectedError when pytest cannot collect the suite.
    """
    command = [sys.executable, "-m", "specs.scenarios", str(suite)]
    # What a pytest around this one has set is not meant for it.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if ended.returncode:
        raise UncollectedError(ended.stderr.strip() or ended.stdout.strip())
    found = json.loads(ended.stdout)
    return {name: [Scenario(**values) for values in places] for name, places in found.items()}


class Collector:
    """A plugin of pytest that keeps where each marked item is."""

    def __init__(self) -> None:
        self._found: dict[str, set[Scenario]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keeps the place of every item by the requirements that it names, before any is deselected."""
        for item in items:
            file, line, _ = item.location
            scenario = Scenario(Path(file).as_posix(), (line or 0) + 1, item.name.partition("[")[0])
            for marker in item.iter_markers(MARKER):
                for name in marker.args:
                    self._found.setdefault(name, set()).add(scenario)

    def serializable(self) -> dict[str, list[dict[str, object]]]:
        """The scenarios by requirement, as JSON values."""
        return {name: [asdict(scenario) for scenario in sorted(places)] for name, places in self._found.items()}


def _main(suite: str) -> int:
    collector, printed = Collector(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        code = pytest.main([suite, "--collect-only", "-q", "-p", "no:cacheprovider"], plugins=[collector])
    if code is not pytest.ExitCode.OK:
        sys.stderr.write(printed.getvalue())
        return int(code)
    print(json.dumps(collector.serializable()))
    return 0


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:] or [SUITE]))
