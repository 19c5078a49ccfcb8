"""The steps of the Dockerfile, in a fresh environment in the place of an image."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
OF_THE_SYSTEM = "useradd"
"""A step that would change the machine that the tests run on."""
UNREACHABLE = re.compile(r"Connection|Could not find a version|No matching distribution|Temporary failure")
PATIENCE = 600


def copied(source: str, destination: Path) -> None:
    """COPY, without what .dockerignore leaves out and git does not hold."""
    if source != ".":
        shutil.copy(ROOT / source, destination)
        return
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        place = destination / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place)


def test_the_steps_of_the_image_leave_a_command_that_judges(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True, timeout=PATIENCE)
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "PIP_INDEX_URL", "HOME")}
    environment["PATH"] = f"{tmp_path / 'venv' / 'bin'}{os.pathsep}{environment['PATH']}"
    places = {"/tmp/": tmp_path / "tmp", "/src": tmp_path / "src"}  # noqa: S108 - places in the image
    for place in places.values():
        place.mkdir()
    for step, rest in re.findall(r"^(COPY|RUN) (.+)$", DOCKERFILE, re.MULTILINE):
        if step == "COPY":
            source, destination = rest.split()
            copied(source, places[destination])
        elif OF_THE_SYSTEM not in rest:
            words = rest
            for name, folder in places.items():
                words = words.replace(name, f"{folder}/" if name.endswith("/") else str(folder))
            done = subprocess.run(
                ["sh", "-c", words], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
            if done.returncode and UNREACHABLE.search(done.stderr):
                pytest.skip("no package index can be reached")
            assert done.returncode == 0, done.stderr
    home = tmp_path / "home"
    home.mkdir()
    (entrypoint,) = json.loads(DOCKERFILE.strip().splitlines()[-1].removeprefix("ENTRYPOINT "))
    words = [entrypoint, "--profile", "quick", "-k", "get.unknown"]
    done = subprocess.run(
        words, cwd=home, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not places["/src"].exists()
    assert (home / "conformance-report" / "verdict.json").exists()
