"""The scripts of a verdict as files: one for each requirement that is not met, one more for each further operation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reports.verdict.verdict import Status, Verdict

FOLDER = "repro"
"""Beside the verdict."""
SHOWN = (Status.FINDING, Status.WARNING, Status.DEVIATION)


def write(verdict: Verdict, folder: Path) -> None:
    """Writes the scripts in the place of those of the run before. Raises OSError."""
    place = folder / FOLDER
    for old in place.glob("*.sh"):
        old.unlink()
    for name, text in scripts(verdict):
        place.mkdir(exist_ok=True)
        (place / name).write_text(text, encoding="utf-8", errors="backslashreplace")
        (place / name).chmod(0o755)


def scripts(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Names of files and their texts."""
    named: set[str] = set()
    for outcome in verdict.of(*SHOWN):
        name = outcome.requirement if outcome.requirement not in named else f"{outcome.requirement}.{outcome.operation}"
        if outcome.evidence.script:
            named.add(outcome.requirement)
            yield f"{name}.sh", outcome.evidence.script
