"""The suite as others install it: built, installed into a fresh environment, started from another folder."""

from __future__ import annotations

import importlib.util
import json
import os
import site
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = "organizations-conformance"
PATIENCE = 300
MISLEADING = """
[tool.pytest]
addopts = ["--no-such-option"]
"""
"""Settings of somebody else's project."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the backend of this environment where it is installed, else with a fresh one."""
    folder = tmp_path_factory.mktemp("dist")
    own = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    command: list[str | Path]
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", *own, "--wheel-dir", folder, ROOT]
    subprocess.run(command, check=True, timeout=PATIENCE)
    (built,) = folder.glob("*.whl")
    return Path(built)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in a fresh environment, which sees the dependencies of this one and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=PATIENCE)
    python = folder / "bin" / "python"
    command: list[str | Path]
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run(command, check=True, timeout=PATIENCE)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    return folder / "bin" / COMMAND


def run(command: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(
        [command, *arguments],
        cwd=folder,
        env={**environment, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_it_runs_from_any_folder_and_writes_there_alone(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(MISLEADING, encoding="utf-8")
    done = run(installed, tmp_path, "--profile", "quick")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "wrote conformance-report/verdict.json" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"pyproject.toml", "conformance-report"}
    verdict = json.loads((tmp_path / "conformance-report" / "verdict.json").read_text(encoding="utf-8"))
    assert verdict["result"] == "met"
    assert list(installed.parents[1].glob(f"lib/*/site-packages/*-{verdict['suite_version']}.dist-info"))


def test_a_bad_option_takes_one_line_and_no_run(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "--base-url", "ftp://example.com", "--api-key", "key")
    assert done.returncode >= 2
    assert "no http or https address" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout


def test_a_deviations_file_is_named_from_where_the_command_is_started(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "deviations.toml").write_text('[[deviation]]\nrequirement = "list.limt"\n', encoding="utf-8")
    done = run(installed, tmp_path, "--deviations", "deviations.toml")
    assert done.returncode >= 2
    assert "did you mean list.limit?" in done.stderr + done.stdout


def test_every_file_that_is_read_at_run_time_is_in_the_wheel(wheel: Path) -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    ours = {name for name in listed if name.partition("/")[0] in packages["packages"]}
    assert ours
    assert ours <= set(zipfile.ZipFile(wheel).namelist())
