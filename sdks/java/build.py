"""Installs the SDK for the JVM with Maven, and compiles the driver against it."""

from __future__ import annotations

import os
import shutil

from sdks.errors import SdkError
from sdks.job import Job

# Most of a short run is the start: compile quickly rather than well, and collect garbage on one thread.
_FAST_START = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def build(job: Job) -> list[str]:
    """Puts the SDK's jars, the compiled driver and what it declares into the target; gives the start command."""
    libraries, classes = job.target / "lib", job.target / "classes"
    version, repository = _published(job) if job.requested.checkout else (job.requested.version, ())
    job.run(
        "mvn",
        "--batch-mode",
        "--quiet",
        "--strict-checksums",
        f"--file={job.source / 'pom.xml'}",
        f"-Dworkos.version={version}",
        *repository,
        "dependency:copy-dependencies",
        f"-DoutputDirectory={libraries}",
    )
    job.run("javac", "-d", classes, "-cp", f"{libraries}/*", *sorted(job.source.glob("*.java")))
    declared = shutil.copy(job.source / "unsupported.json", job.target)
    return ["java", *_FAST_START, "-cp", f"{libraries}/*{os.pathsep}{classes}", "Driver", str(declared)]


def _published(job: Job) -> tuple[str, tuple[str, ...]]:
    """Has the checkout's own build publish into a repository of the target: the version there, and Maven's option."""
    checkout = job.copy_checkout()
    repository = job.target / "repository"
    option = f"-Dmaven.repo.local={repository}"
    job.run(checkout / "gradlew", "--no-daemon", "publishToMavenLocal", option, cwd=checkout)
    versions = [pom.parent.name for pom in repository.glob("com/workos/workos/*/*.pom")]
    if len(versions) != 1:
        raise SdkError(f"{job.requested}: its build published {len(versions)} versions of {job.requested.sdk.package}")
    return versions[0], (option,)
