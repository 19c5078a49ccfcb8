"""Makes the HTML report: ``python -m reports.allure FOLDER``.

FOLDER holds allure-results; allure-report/index.html is written beside them, one file that opens
from disk, and allure-history.jsonl remembers the runs that reports were made of.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from reports.summary import Summary
from reports.verdict.verdict import UnreadableVerdictError, read

HERE = Path(__file__).parent
GENERATOR = HERE / "node_modules" / "allure" / "cli.js"
RESULTS = "allure-results"
REPORT = Path("allure-report") / "index.html"
UNFINISHED = "allure-report.unfinished"
VERDICT = "verdict.json"

TRACKER = "googletagmanager.com"
ANALYTICS = re.compile(
    rf"<script async src=\"https://www\.{re.escape(TRACKER)}/[^>]*></script>\s*<script>.*?</script>", re.S
)


EMPTY_TABS = ("nav-tab-qualityGate", "nav-tab-globalAttachments", "nav-tab-globalErrors")
"""Tabs in which the suite never has anything; Allure has no setting that leaves them out."""
EMPTY_TABS_OF_A_TEST = ("test-result-tab-retries", "test-result-tab-environments")
SHARE_OF_TESTS = "article:has(> [data-chart-tooltip-trigger])"
"""The chart beside the title: a share of tests, where the title says what the verdict is."""
EMPTY = ", ".join([*(f'[data-testid="{tab}"]' for tab in (*EMPTY_TABS, *EMPTY_TABS_OF_A_TEST)), SHARE_OF_TESTS])
STYLE = f"@media screen {{ html {{ overflow-y: hidden }} }} {EMPTY} {{ display: none }}"
"""Beside what stays empty, it takes away the scroll bar of the window: the page scrolls inside of another one."""
STAY_AT_THE_TOP = """
const untouched = new AbortController(), options = { capture: true, signal: untouched.signal };
for (const kind of ["wheel", "pointerdown", "keydown"]) addEventListener(kind, () => untouched.abort(), options);
addEventListener("scroll", ({ target }) => { target.scrollTop = 0; untouched.abort(); }, options);
"""
"""Allure opens at the first test of the list, past the verdict, where that test is not in sight: undone once."""
PROGRAM = re.compile(r'<script\s+src="data:text/javascript;base64,(?P<program>[A-Za-z0-9+/=]+)"\s*></script>')


class NoReportError(Exception):
    """The report could not be made; the text is one line for the user."""


def make(folder: Path) -> Path:
    """Makes the report of the results in a folder; gives the address of its page. Raises NoReportError.

    The report of an earlier run stays until the new one is complete.
    """
    if not any((folder / RESULTS).glob("*-result.json")):
        raise NoReportError(f"{folder / RESULTS}: no results; run the suite with --alluredir {folder / RESULTS}")
    if not GENERATOR.exists():
        raise NoReportError(f"the generator is not installed: npm ci --prefix {HERE}")
    unfinished = folder / UNFINISHED
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        _generate(folder)
        page = unfinished / REPORT.name
        made = laid_out(shorter(without_analytics(page.read_text(encoding="utf-8"))))
        page.write_text(made, encoding="utf-8")
        shutil.rmtree(folder / REPORT.parent, ignore_errors=True)
        unfinished.rename(folder / REPORT.parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder / REPORT


def _generate(folder: Path) -> None:
    """Runs Allure's generator. Raises NoReportError when it leaves no page."""
    command: list[str | Path] = ["node", GENERATOR, "generate", "--config", HERE / "allurerc.mjs", RESULTS]
    told = {"CONFORMANCE_NAME": name_of(folder), "CONFORMANCE_OUTPUT": UNFINISHED}
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            command, cwd=folder, env={**os.environ, **told}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise NoReportError("Node.js is not installed") from None
    if done.returncode or not (folder / UNFINISHED / REPORT.name).exists():
        raise NoReportError(f"the generator failed: {(done.stderr or done.stdout).strip()}")


def name_of(folder: Path) -> str:
    """What the report is called: the verdict beside the results in one line, where there is one."""
    try:
        verdict = read(folder / VERDICT)
    except UnreadableVerdictError:
        return "Conformance to the Organizations API"
    summary = Summary(verdict)
    return f"{summary.headline}: {summary.line}"


def without_analytics(page: str) -> str:
    """The page without the visit counter of Allure's makers: a report tells nobody who reads it.

    Raises NoReportError when the counter is not where it used to be.
    """
    quiet = ANALYTICS.sub("", page)
    if TRACKER in quiet:
        raise NoReportError(f"the report would call {TRACKER}")
    return quiet


def laid_out(page: str) -> str:
    """The page without what stays empty, and opened at its title."""
    return page.replace("</title>", f"</title><style>{STYLE}</style><script>{STAY_AT_THE_TOP}</script>", 1)


def shorter(page: str) -> str:
    """The page with its own program as plain text: in base64 it would be a third longer."""

    def plain(match: re.Match[str]) -> str:
        program = base64.b64decode(match["program"]).decode("utf-8")
        program = program.replace("</script", r"<\/script")
        return f"<script>{program}</script>"

    return PROGRAM.sub(plain, page)


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
