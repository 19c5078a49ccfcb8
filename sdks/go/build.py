"""Compiles the driver of the Go SDK."""

from __future__ import annotations

import shutil

from sdks.job import Job

FILES = ("driver.go", "calls.go", "forms.go", "go.mod", "go.sum", "unsupported.json")

UNSUMMED = {"GONOSUMDB": "github.com/workos/*", "GOWORK": "off"}
"""The checksum database does not know the SDK; go.sum, written once, holds its checksums."""


def build(job: Job) -> list[str]:
    """Gives the command that starts the driver."""
    job.check_checkout("go.mod")
    for name in FILES:
        shutil.copy(job.source / name, job.target)
    shutil.copytree(job.source / "protocol", job.target / "protocol")
    if not job.requested.pinned:
        _require(job)
    job.run("go", "build", "-trimpath", "-o", "driver", ".", env={"GOWORK": "off", "CGO_ENABLED": "0"})
    return [str(job.target / "driver"), str(job.target / "unsupported.json")]


def _require(job: Job) -> None:
    """Has the driver use another release, or a checkout; another major version has another import path."""
    if job.requested.checkout:
        copy = job.copy_checkout()
        module = _module((copy / "go.mod").read_text(encoding="utf-8"))
        wanted = f"{module}@v{module.rpartition('/v')[2]}.0.0"
        job.run("go", "mod", "edit", "-replace", f"{module}=./{copy.name}")
    else:
        version = str(job.requested.version)
        module = f"{job.requested.sdk.package}/v{version.partition('.')[0]}"
        wanted = f"{module}@v{version}"
    pinned = f"{job.requested.sdk.package}/v{str(job.requested.sdk.version).partition('.')[0]}"
    for file in job.target.glob("*.go"):
        file.write_text(file.read_text(encoding="utf-8").replace(pinned, module), encoding="utf-8")
    job.run("go", "mod", "edit", "-droprequire", pinned)
    job.run("go", "mod", "edit", "-require", wanted)
    job.run("go", "mod", "tidy", env=UNSUMMED)


def _module(text: str) -> str:
    """What a go.mod calls its module."""
    return text.partition("module ")[2].split()[0]
