"""What the action does in a pipeline."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.api import Api
from emulator.server import serving
from emulator.store import Store
from reports.allure.__main__ import GENERATOR
from tests.action.runner import ACTION, REPOSITORY, STEPS, Job
from tests.allure.runs import KEY, Faulty, WithoutRequestIds, spellings

needs_generator = pytest.mark.skipif(
    not GENERATOR.exists() or shutil.which("node") is None,
    reason="the generator is not installed: npm ci --prefix reports/allure",
)
QUIET = "-q\n-p\nno:cacheprovider"


@pytest.fixture
def good() -> Iterator[str]:
    """A correct implementation."""
    with serving(Api(Store(), KEY).app()) as url:
        yield url


@pytest.fixture
def bad() -> Iterator[str]:
    """An implementation with faults."""
    with serving(Faulty()) as url:
        yield url


@pytest.fixture
def imperfect() -> Iterator[str]:
    """An implementation that keeps every MUST and breaks a SHOULD."""
    with serving(WithoutRequestIds(Api(Store(), KEY).app())) as url:
        yield url


def inputs(url: str, **others: str) -> dict[str, str]:
    return {"base-url": url, "api-key": KEY, "profile": "quick", "args": QUIET, **others}


def test_a_correct_implementation_passes(good: str, tmp_path: Path) -> None:
    job = Job(tmp_path, inputs(good, args=f"{QUIET}\n-k\ncreate"))
    assert (job.run("suite"), job.run("publish")) == (0, 0), job.log
    assert (job.output("result"), job.output("findings")) == ("met", "0")
    assert json.loads(Path(job.output("verdict")).read_text())["base_url"] == good
    assert "✅" in job.summary
    assert "::error" not in job.log


def test_findings_fail_the_job_and_are_told(bad: str, tmp_path: Path) -> None:
    job = Job(tmp_path, inputs(bad, args=f"{QUIET}\n-k\nlimit"))
    assert (job.run("suite"), job.run("publish")) == (0, 1), job.log
    assert job.output("result") == "findings"
    assert int(job.output("findings")) > 0
    assert "::error title=list.limit-out-of-bounds (list)::A limit below 1 or above 100 answers 422.%0A" in job.log
    assert "::warning title=answer.request-id (create%2C get%2C " in job.log
    assert "<code>list.limit-out-of-bounds</code>" in job.summary
    script = (Path(job.output("verdict")).parent / "repro" / "list.limit-out-of-bounds.sh").read_text()
    assert script in job.summary
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and not path.is_symlink()]
    for content in [job.log.encode(), *files]:
        assert not [spelling for spelling in spellings(KEY) if spelling in content]


def test_accepted_deviations_are_read_from_the_workspace(bad: str, tmp_path: Path) -> None:
    (tmp_path / "accepted.toml").write_text("[[deviation]]\nrequirement = 'no.such-requirement'\n")
    job = Job(tmp_path, inputs(bad, deviations="accepted.toml"))
    assert job.run("suite") == 0
    assert job.run("publish") == int(job.outputs["suite"]["code"]) > 1
    assert "no.such-requirement" in job.log
    assert "no judgement" in job.summary


@pytest.mark.parametrize(("strict", "code"), [("false", 0), ("true", 1)])
def test_warnings_fail_a_strict_job(imperfect: str, tmp_path: Path, strict: str, code: int) -> None:
    job = Job(tmp_path, inputs(imperfect, strict=strict, args=f"{QUIET}\n-k\nanswer.request-id"))
    job.run("suite")
    assert job.run("publish") == code, job.log


def test_a_target_that_is_not_there_is_no_judgement(tmp_path: Path) -> None:
    job = Job(tmp_path, inputs("http://127.0.0.1:9"))
    job.run("suite")
    assert job.run("publish") > 1
    assert job.output("result") == "no judgement"
    assert "::error title=No judgement::" in job.log


@pytest.mark.parametrize(("missing", "variable"), [("base-url", "BASE_URL"), ("api-key", "WORKOS_API_KEY")])
def test_an_empty_input_is_no_judgement(tmp_path: Path, missing: str, variable: str) -> None:
    job = Job(tmp_path, inputs("http://127.0.0.1:9") | {missing: ""})
    assert (job.run("suite"), job.run("publish")) == (0, 3)
    assert job.output("result") == "no judgement"
    assert f"::error title=No judgement::{variable} is empty" in job.log


def test_an_argument_may_hold_spaces(good: str, tmp_path: Path) -> None:
    job = Job(tmp_path, inputs(good, args=f"{QUIET}\n-k\nget.unknown or get.answers"))
    assert (job.run("suite"), job.run("publish")) == (0, 0), job.log


@needs_generator
def test_the_report_goes_on_with_the_history_of_earlier_runs(good: str, tmp_path: Path) -> None:
    for runs in (1, 2):
        job = Job(tmp_path, inputs(good, report="true", args=f"{QUIET}\n-k\nget.unknown"))
        assert (job.run("suite"), job.run("report")) == (0, 0), job.log
        kept = tmp_path / "conformance-history" / "allure-history.jsonl"
        assert len(kept.read_text().splitlines()) == runs
        assert Path(job.output("report"), "index.html").exists()


def test_what_is_cached_is_saved_before_findings_fail_the_job() -> None:
    order = list(STEPS)
    for name in ("save-history", "save-packages"):
        assert order.index(name) < order.index("publish")
        assert "/cache/save@" in STEPS[name]["uses"]
    assert STEPS["history"]["with"]["path"] == STEPS["save-history"]["with"]["path"]
    assert STEPS["packages"]["with"]["path"] == STEPS["save-packages"]["with"]["path"]


@pytest.mark.parametrize("file", ["action.yml", "examples/gate-release.yml"])
def test_actions_of_others_are_pinned_by_commit(file: str) -> None:
    text = (REPOSITORY / file).read_text()
    used = [line for line in re.findall(r"uses: (.+)", text) if not line.startswith("your-organization/")]
    assert used
    assert [line for line in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


def test_no_input_is_pasted_into_a_script() -> None:
    for step in STEPS.values():
        assert "${{" not in step.get("run", "")


def test_what_is_installed_is_locked() -> None:
    assert "--require-hashes" in STEPS["install"]["run"]
    assert "requirements-runtime.lock" in STEPS["install"]["run"]
    runtime = (REPOSITORY / "requirements-runtime.lock").read_text()
    assert "pytest==" in runtime
    assert "ruff==" not in runtime
    lock = json.loads((REPOSITORY / "reports" / "allure" / "package-lock.json").read_text())
    packages = [package for name, package in lock["packages"].items() if name]
    assert all(package["integrity"] for package in packages)
    assert not any("resolved" in package for package in packages)


@pytest.mark.parametrize(
    ("schema", "file"),
    [("vendor.github-actions", "action.yml"), ("vendor.github-workflows", "examples/gate-release.yml")],
)
def test_the_files_follow_their_published_schemas(schema: str, file: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not installed")
def test_actionlint_has_no_objection(tmp_path: Path) -> None:
    workflows = tmp_path / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    action = tmp_path / "action"
    action.mkdir()
    shutil.copy(REPOSITORY / "action.yml", action)
    example = (REPOSITORY / "examples" / "gate-release.yml").read_text()
    (workflows / "gate.yml").write_text(re.sub(r"uses: your-organization/\S+", "uses: ./action", example))
    done = subprocess.run(["actionlint"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_example_knows_the_inputs_and_outputs() -> None:
    example = (REPOSITORY / "examples" / "gate-release.yml").read_text()
    for name in ("base-url", "api-key", "deviations", "report"):
        assert name in ACTION["inputs"]
        assert f"{name}: " in example
    for name in ("result", "verdict", "report"):
        assert name in ACTION["outputs"]
        assert f"steps.conformance.outputs.{name}" in example
