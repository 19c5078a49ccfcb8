"""Makes the HTML report: ``python -m reports.allure FOLDER``.

FOLDER holds allure-results; allure-report/index.html is written beside them, one file that opens
from disk, and allure-history.jsonl remembers the runs that reports were made of.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
GENERATOR = HERE / "node_modules" / "allure" / "cli.js"
RESULTS = "allure-results"
REPORT = Path("allure-report") / "index.html"

TRACKER = "googletagmanager.com"
ANALYTICS = re.compile(
    rf"<script async src=\"https://www\.{re.escape(TRACKER)}/[^>]*></script>\s*<script>.*?</script>", re.S
)


class NoReportError(Exception):
    """The report could not be made; the text is one line for the user."""


def make(folder: Path) -> Path:
    """Makes the report of the results in a folder; gives the address of its page. Raises NoReportError."""
    if not (folder / RESULTS).is_dir():
        raise NoReportError(f"{folder / RESULTS}: no such folder; run the suite with --alluredir {folder / RESULTS}")
    if not GENERATOR.exists():
        raise NoReportError(f"the generator is not installed: npm ci --prefix {HERE}")
    command: list[str | Path] = ["node", GENERATOR, "generate", "--config", HERE / "allurerc.mjs", RESULTS]
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            command, cwd=folder, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise NoReportError("Node.js is not installed") from None
    page = folder / REPORT
    if done.returncode or not page.exists():
        raise NoReportError(f"the generator failed: {(done.stderr or done.stdout).strip()}")
    page.write_text(without_analytics(page.read_text(encoding="utf-8")), encoding="utf-8")
    return page


def without_analytics(page: str) -> str:
    """The page without the visit counter of Allure's makers: a report tells nobody who reads it.

    Raises NoReportError when the counter is not where it used to be.
    """
    quiet = ANALYTICS.sub("", page)
    if TRACKER in quiet:
        raise NoReportError(f"the report would call {TRACKER}")
    return quiet


def main() -> int:
    """Runs the program; gives its exit code."""
    parser = argparse.ArgumentParser(prog="python -m reports.allure", description="Makes the HTML report of a run.")
    parser.add_argument("folder", type=Path, help=f"holds {RESULTS}; the report goes there too")
    try:
        print(make(parser.parse_args().folder))
    except NoReportError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
