"""The report in a browser, opened from disk."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reports.allure.__main__ import (
    EMPTY_TABS,
    EMPTY_TABS_OF_A_TEST,
    SHARE_OF_TESTS,
    NoReportError,
    make,
    without_analytics,
)
from reports.summary import Summary
from reports.verdict.verdict import read
from tests.allure.runs import KEY, Run, identifier, spellings

BROWSER = shutil.which("chromium")
needs_browser = pytest.mark.skipif(BROWSER is None, reason="chromium is not installed: apt-get install chromium")

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # whatever the page asks of others shows as a complaint
    "--virtual-time-budget=10000",
    "--enable-logging=stderr",
    "--v=0",
    "--dump-dom",
)


WHOLE = "1400,20000"
"""The overview holds only what is in sight."""
SMALL = "1280,720"
MEASURED = """
<script>
setTimeout(() => {
  const { scrollTop, scrollHeight, clientHeight } = document.querySelector("[data-tree-scroll-container]");
  document.documentElement.dataset.scrolled = `${scrollTop} of ${scrollHeight - clientHeight}`;
}, 5000);
</script>
"""


class View:
    """What the browser made of an address."""

    def __init__(self, address: str, profile: Path, window: str = WHOLE) -> None:
        command = [str(BROWSER), *OPTIONS, f"--window-size={window}", f"--user-data-dir={profile}", address]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        self.dom = done.stdout
        self.text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", _body(done.stdout))).split())
        self.complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def _body(page: str) -> str:
    """What is to be seen: the page's own data are in its scripts."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)


@needs_browser
def test_the_overview_shows_the_verdict_and_the_groups(page: Path, reported: Run, tmp_path: Path) -> None:
    view = View(page.as_uri(), tmp_path)
    assert view.complaints == []
    verdict = read(reported.folder / "verdict.json")
    assert f"does not conform: {Summary(verdict).line}" in view.text
    assert "Pages of lists" in view.text
    assert "Timeline" not in view.text
    assert reported.verdict["base_url"] in view.text


@needs_browser
def test_what_the_page_hides_is_what_would_be_there(page: Path, tmp_path: Path) -> None:
    view = View(page.as_uri(), tmp_path)
    for tab in EMPTY_TABS:
        assert re.search(rf'data-testid="{tab}".*?<small[^>]*>0</small>', view.dom)
    assert re.search(r"<article[^>]*><svg.*?<div [^>]*data-chart-tooltip-trigger[^>]*>.*?</article>", view.dom)
    head = page.read_text(encoding="utf-8").partition("</head>")[0]
    assert all(f'[data-testid="{tab}"]' in head for tab in (*EMPTY_TABS, *EMPTY_TABS_OF_A_TEST))
    assert re.search(rf"<style>[^<]*{re.escape(SHARE_OF_TESTS)} {{ display: none }}</style>", head)


@needs_browser
def test_a_small_window_shows_the_verdict_first(page: Path, tmp_path: Path) -> None:
    measured = tmp_path / "index.html"
    measured.write_text(page.read_text(encoding="utf-8").replace("</head>", f"{MEASURED}</head>", 1), encoding="utf-8")
    scrolled = re.search(r'data-scrolled="(\d+) of (\d+)"', View(measured.as_uri(), tmp_path / "profile", SMALL).dom)
    assert scrolled is not None
    assert (int(scrolled[1]), int(scrolled[2]) > 0) == (0, True)


@needs_browser
def test_a_finding_shows_its_promise_and_its_curl(page: Path, reported: Run, tmp_path: Path) -> None:
    finding = reported.the("finding", "list.limit-out-of-bounds")
    view = View(f"{page.as_uri()}#{identifier(finding)}", tmp_path)
    assert view.complaints == []
    assert finding["name"].replace(" — ", "—") in view.text.replace(" — ", "—")
    assert "expected status 422, for a request with limit of 0 seen status 200" in view.text
    assert "--request GET" in view.text
    assert 'authorization: Bearer $WORKOS_API_KEY"' in view.text
    assert "list with limit=0" in view.text
    assert "Category: Findings" in view.text
    for tab in EMPTY_TABS_OF_A_TEST:
        assert re.search(rf'data-testid="{tab}"((?!<small|</button>).)*</button>', view.dom), "it holds something"


def test_the_page_holds_no_key(page: Path) -> None:
    content = page.read_bytes()
    assert any(spelling in content for spelling in spellings("$WORKOS_API_KEY")[1:])  # attachments are in there
    assert not [spelling for spelling in spellings(KEY) if spelling in content]


def test_the_page_calls_nobody(page: Path) -> None:
    tags = re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(https?:[^\"]+)\"", page.read_text())
    assert tags == []


def test_reports_remember_earlier_runs(page: Path, reported: Run) -> None:
    history = reported.folder / "allure-history.jsonl"
    before = len(history.read_text().splitlines())
    make(reported.folder)
    points = [json.loads(line) for line in history.read_text().splitlines()]
    assert len(points) == before + 1
    assert points[-1]["testResults"].keys() == points[-2]["testResults"].keys()
    assert len(points[-1]["testResults"]) == len(reported.results)


def test_a_page_is_small(page: Path) -> None:
    assert page.stat().st_size < 5_000_000


def test_a_page_that_cannot_be_made_leaves_the_old_one_alone(
    page: Path, reported: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "report"
    shutil.copytree(reported.folder, folder)
    before = (folder / "allure-report" / "index.html").read_bytes()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoReportError, match=r"Node\.js is not installed"):
        make(folder)
    assert (folder / "allure-report" / "index.html").read_bytes() == before


def test_a_folder_without_results_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(NoReportError, match=r"allure-results: no results; run the suite with --alluredir"):
        make(tmp_path)


def test_a_counter_that_cannot_be_taken_out_is_refused() -> None:
    with pytest.raises(NoReportError, match="would call"):
        without_analytics('<script src="//www.googletagmanager.com/new"></script>')
