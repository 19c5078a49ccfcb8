"""The suite's own command line options, and what they amount to."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from conformance.harness.fixtures.profile import PROFILES
from conformance.harness.plugin import network
from conformance.harness.wire.target import Target

OUTPUT = Path(__file__).parents[3] / "reports" / "out"
"""Where journals and reports go, unless --output says otherwise."""

DEFAULT_LAG = 3.0
LARGEST_SEED = 2**32


def add_options(parser: pytest.Parser) -> None:
    """Adds the options to pytest's."""
    group = parser.getgroup("conformance", "conformance to the Organizations API")
    group.addoption(
        "--api-key",
        default=os.environ.get("WORKOS_API_KEY"),
        help="key of the target under test [$WORKOS_API_KEY]",
    )
    group.addoption(
        "--profile",
        default="default",
        choices=sorted(PROFILES),
        help="how much the run spends: quick (seconds), default, thorough (minutes)",
    )
    group.addoption("--seed", type=int, help="repeats the run that printed this seed [a new one]")
    group.addoption(
        "--lag",
        type=float,
        default=DEFAULT_LAG,
        metavar="SECONDS",
        help="how long lists and searches may lag behind writes [%(default)s]",
    )
    group.addoption(
        "--output",
        type=Path,
        default=OUTPUT,
        metavar="FOLDER",
        help="where verdict.json and the journal of the run go [reports/out]",
    )
    group.addoption(
        "--deviations",
        type=Path,
        metavar="FILE",
        help="TOML list of findings that are accepted until a date",
    )
    group.addoption(
        "--write-deviations",
        type=Path,
        metavar="FILE",
        help="write a list of all findings, for the reasons to be filled in",
    )
    network.add_options(group)
    group.addoption(
        "--read-only",
        action="store_true",
        help="send nothing but GET, and judge what is there: for an account with customers in it",
    )
    group.addoption(
        "--reap",
        action="store_true",
        help="run nothing; remove from the target what earlier runs were killed before removing",
    )


def settle_options(config: pytest.Config) -> None:
    """Fills in what was left open. Raises pytest.UsageError for options that do not go together."""
    option = config.option
    if option.seed is None:
        option.seed = random.SystemRandom().randrange(LARGEST_SEED)
    if option.lag < 0:
        raise pytest.UsageError("--lag: cannot be negative")
    network.check_options(config)
    if option.read_only and option.reap:
        raise pytest.UsageError("--reap removes, which --read-only forbids")
    if not option.base_url:
        return
    option.base_url = option.base_url.rstrip("/")
    if not option.base_url.startswith(("http://", "https://")):
        raise pytest.UsageError(f"--base-url: {option.base_url} is no http address")
    if not option.api_key:
        raise pytest.UsageError("--base-url needs a key: give --api-key or set WORKOS_API_KEY")


def target_of(config: pytest.Config) -> Target:
    """The target that the options name."""
    option = config.option
    return Target(
        option.base_url,
        option.api_key,
        option.lag,
        access=network.access_of(option),
        read_only=option.read_only,
    )
