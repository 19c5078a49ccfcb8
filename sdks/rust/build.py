"""Builds the driver with the crate in it."""

from __future__ import annotations

import shutil

from sdks.errors import SdkError
from sdks.job import Job

_PINNED = 'workos = "={version}"'


def build(job: Job) -> list[str]:
    """Compiles the driver into the target; gives the command that starts it."""
    project = job.target / "project"
    shutil.copytree(job.source, project, ignore=shutil.ignore_patterns("samples", "build.py", "__pycache__"))
    if not job.requested.pinned:
        _replace_crate(job)
    # All releases share what they depend on, and so the minutes that it takes to compile.
    compiled = job.target.parent / "rust-target"
    locked = ["--locked"] if job.requested.pinned else []
    job.run("cargo", "build", *locked, cwd=project, env={"CARGO_TARGET_DIR": str(compiled)})
    driver = shutil.copy(compiled / "debug" / "driver", job.target)
    return [str(driver), str(project / "unsupported.json")]


def _replace_crate(job: Job) -> None:
    """Asks for the wanted crate instead of the pinned one; Cargo then adapts the copy of the lock file."""
    manifest = job.target / "project" / "Cargo.toml"
    text = manifest.read_text(encoding="utf-8")
    pinned = _PINNED.format(version=job.requested.sdk.version)
    if pinned not in text:
        raise SdkError(f"{job.requested}: {manifest.name} does not ask for {pinned}")
    if job.requested.checkout:
        wanted = f'workos = {{ path = "{job.copy_checkout()}" }}'
    else:
        wanted = _PINNED.format(version=job.requested.version)
    manifest.write_text(text.replace(pinned, wanted), encoding="utf-8")
