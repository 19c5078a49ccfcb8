"""The SDK under test: had, started, and asked on the wire whether it is the release that was asked for."""

from __future__ import annotations

import re

import pytest

from conformance.harness.api.sdk import Ask, SdkCaller
from conformance.harness.api.use import Use
from conformance.harness.wire.proxy.replies import Always, json_reply
from conformance.harness.wire.proxy.server import RecordingProxy
from sdks.errors import SdkError
from sdks.host import Host
from strategies.organizations import ID

HOST = pytest.StashKey[Host]()
RELEASE = re.compile(r"(?:workos[\w-]*|sdk)/v?(\d+\.\d+\S*)", re.IGNORECASE)
"""How a User-Agent names a release; that of the language stands there under another name."""


def host_of(config: pytest.Config) -> Host | None:
    """The host of the SDK under test, once it runs."""
    return config.stash.get(HOST, None)


def open_host(config: pytest.Config) -> None:
    """Starts the SDK that the options name, and lets it end with the run. Raises SdkError."""
    host = Host.open(config.option.sdk)
    config.add_cleanup(host.close)
    with RecordingProxy() as proxy:
        answer = Always(json_reply(404, {"message": "Who is asking?"}))
        use = SdkCaller(host, proxy, "release").call(Ask("get", {"id": ID}, answer))
    problem = _problem(host, use)
    if problem:
        raise SdkError(f"{config.option.sdk}: {problem}")
    config.stash[HOST] = host


def _problem(host: Host, use: Use) -> str:
    """Why this is not the SDK that was asked for, empty when it is."""
    if not use.recorded.requests:
        return f"a first call sent nothing to the address of its client: {use.reply}"
    agent = b" ".join(use.recorded.requests[0].header("user-agent")).decode("latin-1")
    named: list[str] = RELEASE.findall(agent)
    if named and host.version not in named:
        return f"its package says that it is {host.version}, and its User-Agent says {agent!r}"
    return ""
