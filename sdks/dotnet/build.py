"""Builds the driver with the .NET SDK in it."""

from __future__ import annotations

import shutil

from sdks.errors import SdkError
from sdks.job import Job


def build(job: Job) -> list[str]:
    """Gives the command that starts the driver."""
    for name in ("Driver.cs", "driver.csproj", "unsupported.json"):
        shutil.copy(job.source / name, job.target)
    published = job.target / "published"
    job.run("dotnet", "publish", "driver.csproj", "--nologo", "--output", published, f"-p:{_what(job)}")
    return ["dotnet", str(published / "driver.dll"), str(job.target / "unsupported.json")]


def _what(job: Job) -> str:
    """The property of the project that says which SDK is meant."""
    if job.requested.checkout is None:
        return f"SdkVersion={job.requested.version}"
    projects = sorted(job.copy_checkout().glob("src/*/WorkOS*.csproj"))
    if len(projects) != 1:
        raise SdkError(f"{job.requested}: {len(projects)} projects in src, where WorkOS.net.csproj should be")
    return f"SdkProject={projects[0]}"
