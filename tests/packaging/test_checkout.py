"""The suite in a checkout that cannot be written to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from conformance.harness.plugin.settings.options import GROUPS

ROOT = Path(__file__).parents[2]


def test_a_checkout_that_cannot_be_written_to_is_no_reason_to_complain(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "pytest", str(ROOT / "conformance"), "-k", "get.unknown", "-o"]
    nowhere = "cache_dir=/proc/nowhere"  # not even the superuser may write there
    done = subprocess.run([*words, nowhere], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "warning" not in done.stdout.lower() + done.stderr.lower()
    assert [path.name for path in tmp_path.iterdir() if path.name != ".hypothesis"] == ["conformance-report"]


def test_help_begins_with_the_options_of_the_suite() -> None:
    words = [sys.executable, "-m", "pytest", "conformance", "--help"]
    shown = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    groups = [line for line in shown.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert groups[:4] == [f"{title}:" for title in GROUPS.values()]
    assert shown.index("--base-url=URL") < shown.index("--api-key") < shown.index("--header")
