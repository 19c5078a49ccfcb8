"""The command ``organizations-conformance``: the suite, from any folder, with pytest's options.

It takes no settings from the folder that it is started in: those are of another project.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

SUITE = Path(__file__).parent
SETTINGS = SUITE / "command.toml"
STORAGE = "HYPOTHESIS_STORAGE_DIRECTORY"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the suite; gives its exit code."""
    # Hypothesis would keep its tables of characters in the folder that the command is started in.
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    os.environ.setdefault(STORAGE, str(cache / "organizations-conformance" / "hypothesis"))
    given = sys.argv[1:] if arguments is None else arguments
    own = ["-c", str(SETTINGS), "--rootdir", str(SUITE.parent), str(SUITE)]
    return int(pytest.main([*own, *given]))
