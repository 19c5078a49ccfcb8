"""Installs the Python SDK into a virtual environment of its own."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from sdks.job import Job


def build(job: Job) -> list[str]:
    """Gives the command that starts the driver."""
    job.check_checkout("pyproject.toml")
    environment = job.target / "venv"
    job.run(sys.executable, "-m", "venv", environment)
    python = environment / "bin" / "python"
    job.run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *_what(job))
    driver, declared = (shutil.copy(job.source / name, job.target) for name in ("driver.py", "unsupported.json"))
    return [str(python), "-P", "-X", "utf8", str(driver), str(declared)]


def _what(job: Job) -> list[str | Path]:
    if job.requested.pinned:
        return ["--require-hashes", "-r", job.source / "requirements.txt"]
    if job.requested.checkout:
        return [job.copy_checkout()]
    return [f"{job.requested.sdk.package}=={job.requested.version}"]
