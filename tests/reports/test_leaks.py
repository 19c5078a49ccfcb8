"""The key is nowhere in all that pytest can be asked to write, in whatever form a target echoes it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.servers import KEY, hostile
from tests.hostile.targets import TABLE
from tests.reports.conftest import ROOT, judge

GATEWAY = "secretOfTheGateway0123456789"
SOUND = 40
FORMS = {
    "plain": KEY[:-3],
    "base64": base64.b64encode(KEY.encode()).decode()[:-4],
    "Basic": base64.b64encode(f"{KEY}:".encode()).decode()[:-4],
    "percent": "".join(f"%{ord(char):02x}" for char in KEY[:12]),
    "HTML": "".join(f"&#{ord(char)};" for char in KEY[:12]),
    "JSON": "".join(f"\\u{ord(char):04x}" for char in KEY[:12]),
    "gateway": GATEWAY[:12],
}


def texts_below(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes().decode("utf-8", "surrogateescape").lower()


def leaks_in(folder: Path, *printed: str) -> list[str]:
    texts = [*texts_below(folder), *((Path("terminal"), text.lower()) for text in printed)]
    return [
        f"{form} in {path.name}" for path, text in texts for form, secret in FORMS.items() if secret.lower() in text
    ]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_key_is_in_no_output(tmp_path: Path, workers: str) -> None:
    shown = ["-vv", "--tb=long", "-l", "--setup-show", "-rA", "--log-cli-level", "DEBUG", "--log-file-level", "DEBUG"]
    written = ["--junitxml", "junit.xml", "--alluredir", "allure", "--log-file", "log.txt"]
    files = [name if name.startswith("--") else str(tmp_path / name) for name in written]
    options = ["--api-key", KEY, "--header", f"X-Gateway: {GATEWAY}", "--profile", "quick", "--lag", "0"]
    selected = ["-k", "get or lookup or list.limit", "-n", workers]
    with hostile(TABLE["the key echoed in every form"], SOUND) as (url, _):
        environment = {"PYTHONFAULTHANDLER": "1", "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path / "hypothesis")}
        outcome = judge(url, tmp_path, *options, *selected, *shown, *files, **environment)
    assert outcome.verdict["outcomes"]
    assert "$WORKOS_API_KEY" in outcome.out
    assert leaks_in(tmp_path, outcome.out, outcome.err) == []


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_file_of_debug_is_refused_and_removed(tmp_path: Path, workers: str) -> None:
    log = tmp_path / "debug.log"
    outcome = judge("http://127.0.0.1:9", tmp_path, f"--debug={log}", "--api-key", KEY, "-n", workers)
    assert outcome.code == 4
    assert "--debug" in outcome.verdict["reason"]
    assert "Traceback" not in outcome.err
    assert leaks_in(tmp_path, outcome.out, outcome.err) == []
    assert not log.exists()
    assert not (ROOT / "pytestdebug.log").exists()
