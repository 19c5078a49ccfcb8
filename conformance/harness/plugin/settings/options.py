"""The suite's own command line options, and what they amount to."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from conformance.harness.fixtures.cases.profile import PROFILES
from conformance.harness.plugin.settings import network
from conformance.harness.wire.target import Target
from sdks.table import SDKS

OUTPUT = Path("conformance-report")
"""Where journals and reports go, seen from where the run is started, unless --output says otherwise."""

GROUPS = {
    "conformance": "conformance to the Organizations API: what is judged",
    "conformance-network": "conformance: how the target is reached",
    "conformance-spending": "conformance: how much the run spends",
    "conformance-output": "conformance: what becomes of findings",
}
"""The groups of options by name, in the order in which --help shows them."""
DEFAULT_PROFILE = "default"
DEFAULT_LAG = 3.0
DEFAULT_TIMEOUT = 10.0
LARGEST_SEED = 2**32


def add_options(parser: pytest.Parser) -> None:
    """Adds the options to pytest's, in the groups of GROUPS."""
    target, network_, spending, output = (parser.getgroup(name, title) for name, title in GROUPS.items())
    _add_target(target)
    network.add_options(network_)
    _add_spending(spending)
    _add_output(output)


def _add_target(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--api-key",
        metavar="KEY",
        help="key of the target; others see it on the command line [$WORKOS_API_KEY]",
    )
    group.addoption(
        "--api-key-file",
        type=Path,
        metavar="FILE",
        help="file that holds the key of the target",
    )
    group.addoption(
        "--sdk",
        metavar="NAME[==VERSION|=PATH]",
        help=f"judge a released SDK, or a checkout of one, in the place of a server: {', '.join(SDKS)}",
    )
    group.addoption(
        "--read-only",
        action="store_true",
        help="send nothing but GET, and judge what is there: for an account with customers in it",
    )
    group.addoption(
        "--allow-production",
        action="store_true",
        help="let the suite write where a live key or the vendor's own API may reach customers",
    )
    group.addoption(
        "--reap",
        action="store_true",
        help="run no test; remove from the target the organizations that earlier runs have left there",
    )


def _add_spending(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--profile",
        default=DEFAULT_PROFILE,
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
        "--timeout",
        type=float,
        default=DEFAULT_TIMEOUT,
        metavar="SECONDS",
        help="how long an answer may take until it is complete [%(default)s]",
    )
    group.addoption(
        "--max-time",
        type=float,
        default=float("inf"),
        metavar="SECONDS",
        help="end the run after this time, without a judgement if it is not finished [no limit]",
    )


def _add_output(group: pytest.OptionGroup) -> None:
    group.addoption(
        "--output",
        type=Path,
        default=OUTPUT,
        metavar="FOLDER",
        help="where the verdict, the scripts and the journal of the run go [%(default)s]",
    )
    group.addoption(
        "--strict-levels",
        action="store_true",
        help="let a SHOULD that is not met fail the run, too",
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


def settle_options(config: pytest.Config) -> None:
    """Fills in what was left open. Raises pytest.UsageError for options that do not go together."""
    option = config.option
    if option.seed is None:
        option.seed = random.SystemRandom().randrange(LARGEST_SEED)
    if option.lag < 0:
        raise pytest.UsageError("--lag: cannot be negative")
    for name in ("timeout", "max_time"):
        if not getattr(option, name) > 0:
            raise pytest.UsageError(f"--{name.replace('_', '-')}: must be positive")
    network.check_options(config)
    if option.read_only and (option.reap or option.sdk):
        raise pytest.UsageError("--read-only judges a server: --reap removes, and --sdk needs one to write to")


def target_of(config: pytest.Config) -> Target:
    """The target that the options name."""
    option = config.option
    return Target(
        option.base_url,
        option.api_key,
        option.lag,
        option.timeout,
        max_time=option.max_time,
        access=network.access_of(option),
        read_only=option.read_only,
    )
