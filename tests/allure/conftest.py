"""Runs against the embedded emulator and against a faulty one, each made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from emulator.server import serving
from reports.allure.__main__ import GENERATOR, make
from tests.allure.runs import KEY, Faulty, Run, run

CATALOGUE = "https://example.com/requirements.yaml#:~:text="
DEVIATION = """
[[deviation]]
requirement = "list.default-limit"
reason = "no longer true"
issue = "https://example.com/issues/1"
expires = 2999-01-01

[[deviation]]
requirement = "answer.status"
reason = "answers 204 until the next release"
issue = "https://example.com/issues/2"
expires = 2999-01-01
"""


@pytest.fixture(scope="session")
def correct(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    """Two runs against a correct implementation."""
    return [run(tmp_path_factory.mktemp("correct"), "--profile", "quick") for _ in range(2)]


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run against an implementation with faults, one of which is accepted."""
    folder = tmp_path_factory.mktemp("faulty")
    accepted = folder / "deviations.toml"
    accepted.write_text(DEVIATION)
    with serving(Faulty()) as url:
        options = ["--deviations", str(accepted), "--seed", "1", "--allure-link-pattern", f"tms:{CATALOGUE}{{}}"]
        return run(folder, "--base-url", url, "--api-key", KEY, *options)


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A short run against an implementation with faults."""
    with serving(Faulty()) as url:
        options = ["--profile", "quick", "-k", "list or request-id"]
        return run(tmp_path_factory.mktemp("reported"), "--base-url", url, "--api-key", KEY, *options)


@pytest.fixture(scope="session")
def page(reported: Run) -> Path:
    """The HTML report of the short run."""
    if not GENERATOR.exists() or shutil.which("node") is None:
        pytest.skip("the report generator is not installed: npm ci --prefix reports/allure")
    return make(reported.folder)
