"""A checkout that the user may not write to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.suite import ROOT

NOBODY = 65534
FOLDERS = ("conformance", "emulator", "reports", "sdks", "specs", "strategies")

needs_root = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None, reason="only root may become somebody else"
)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may enter; those of pytest are for their owner alone."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@needs_root
def test_a_checkout_of_somebody_else_is_run_without_a_word(place: Path) -> None:
    checkout, home = place / "checkout", place / "home"
    for folder in FOLDERS:
        without = shutil.ignore_patterns("__pycache__", "node_modules", "out", ".cache", "vendor", "target")
        shutil.copytree(ROOT / folder, checkout / folder, ignore=without)
    shutil.copy(ROOT / "pyproject.toml", checkout)
    home.mkdir()
    home.chmod(0o777)
    subprocess.run(["chmod", "-R", "a-w,a+rX", checkout], check=True)
    command = [sys.executable, "-m", "pytest", "conformance", "-k", "get.unknown", "--output", str(home / "out")]
    done = subprocess.run(
        ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command],
        cwd=checkout,
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    shown = done.stdout + done.stderr
    if "Permission denied" in shown and done.returncode == 126:
        pytest.skip("nobody else may run this Python")
    assert done.returncode == 0, shown
    assert "arning" not in shown
    assert "Traceback" not in shown
    assert (home / "out" / "verdict.json").exists()
