"""Installs the PHP SDK: a checkout as it is, a release with Composer."""

from __future__ import annotations

import shutil
from pathlib import Path

from sdks.job import Job

# Warnings of the SDK or of PHP belong to standard error, as does whatever ends the driver.
_SETTINGS = ("-d", "display_errors=stderr", "-d", "error_reporting=-1", "-d", "memory_limit=-1")


def build(job: Job) -> list[str]:
    """Gives the command that starts the driver."""
    driver, declared = (shutil.copy(job.source / name, job.target) for name in ("driver.php", "unsupported.json"))
    return ["php", *_SETTINGS, str(driver), str(declared), str(_loader(job))]


def _loader(job: Job) -> Path:
    """The file that makes the SDK's classes known."""
    if job.requested.checkout is None:
        package = f"{job.requested.sdk.package}:{job.requested.version}"
        job.run("composer", "require", "--no-interaction", "--no-scripts", "--no-plugins", package)
        return job.target / "vendor" / "autoload.php"
    vendored = job.copy_checkout() / "vendor" / "autoload.php"
    return vendored if vendored.exists() else Path(shutil.copy(job.source / "load.php", job.target))
