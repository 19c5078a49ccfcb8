"""The examples for other pipelines, as far as they can be tried here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
COMMAND = "organizations-conformance "
HADOLINT = shutil.which("hadolint", path=os.pathsep.join([str(Path(sys.executable).parent), os.defpath]))


def test_the_example_for_gitlab_follows_its_published_schema() -> None:
    file = EXAMPLES / "gitlab-ci.yml"
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["gitlab-ci.yml", "Jenkinsfile"])
def test_an_example_uses_options_that_there_are(name: str) -> None:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    line = text[text.rindex(COMMAND) :].partition("\n\n")[0].replace("\\\n", " ").partition("\n")[0]
    options = re.findall(r"--[a-z-]+", line)
    assert options
    command = [sys.executable, "-m", "pytest", "conformance", "--help"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [option for option in options if option not in shown] == []


def test_the_image_is_made_of_files_that_there_are() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1] for line in lines if line.startswith("COPY ")]
    assert copied
    assert all((ROOT / source).exists() for source in copied)
    assert lines[-1] == f'ENTRYPOINT ["{COMMAND.strip()}"]'


@pytest.mark.skipif(HADOLINT is None, reason="hadolint is not installed; it comes along on Linux alone")
def test_hadolint_has_no_objection() -> None:
    done = subprocess.run([str(HADOLINT), "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
