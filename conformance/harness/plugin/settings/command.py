"""The command that judges one requirement of the same subject again, for findings that no script can show."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest

from conformance.command import SETTINGS
from conformance.harness.plugin.session import redactor_of
from conformance.harness.plugin.settings import subject
from conformance.harness.plugin.settings.options import DEFAULT_PROFILE
from conformance.harness.wire.exchange import HEADER_PLACEHOLDER


def command_of(config: pytest.Config) -> str:
    """The command line but for the requirement's id, which follows it; the key is in $WORKOS_API_KEY."""
    return " ".join(_words(config))


def _words(config: pytest.Config) -> Iterator[str]:
    option = config.option
    yield "organizations-conformance" if config.inipath == SETTINGS else "pytest conformance"
    if option.sdk:
        yield f"--sdk {shlex.quote(_release(config))}"
    if option.base_url and not getattr(option, "embedded", False):
        yield f"--base-url {shlex.quote(redactor_of(config).text(option.base_url))}"
    for number, header in enumerate(option.header or (), start=1):
        yield f'--header "{header.partition(":")[0].strip()}: {HEADER_PLACEHOLDER.format(number)}"'
    if option.profile != DEFAULT_PROFILE:
        yield f"--profile {option.profile}"
    yield f"--seed {option.seed} -k"


def _release(config: pytest.Config) -> str:
    """The SDK with the version that was judged, also where none was asked for; a checkout by its path."""
    given: str = config.option.sdk
    name, separator, _ = given.partition("=")
    host = subject.host_of(config)
    return given if separator or host is None else f"{name}=={host.version}"
