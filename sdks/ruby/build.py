"""Installs the Ruby SDK: a checkout as it is, a release with RubyGems."""

from __future__ import annotations

import shutil

from sdks.job import Job


def build(job: Job) -> list[str]:
    """Gives the command that starts the driver."""
    driver, declared = (shutil.copy(job.source / name, job.target) for name in ("driver.rb", "unsupported.json"))
    return ["ruby", "-W1", *_includes(job), str(driver), str(declared)]


def _includes(job: Job) -> list[str]:
    """Where Ruby finds the SDK, and the gems that it needs."""
    if job.requested.checkout is not None:
        return ["-I", str(job.copy_checkout() / "lib")]
    gems = job.target / "gems"
    package, version = job.requested.sdk.package, str(job.requested.version)
    job.run("gem", "install", package, "--version", version, "--install-dir", gems, "--no-document")
    return [word for folder in sorted(gems.glob("gems/*/lib")) for word in ("-I", str(folder))]
