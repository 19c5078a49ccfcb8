"""The command ``organizations-conformance``: the suite, from any folder, with pytest's options.

It takes no settings from the folder that it is started in: those are of another project.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

SUITE = Path(__file__).parent
SETTINGS = SUITE / "command.toml"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the suite; gives its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    own = ["-c", str(SETTINGS), "--rootdir", str(SUITE.parent), str(SUITE)]
    return int(pytest.main([*own, *given]))
