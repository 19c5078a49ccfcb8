"""One driver process for each SDK, for all tests; each test has an emulator of its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sdks.cache import Installed, installed
from sdks.host import Host
from sdks.request import parse
from tests.sdks.drivers.ground import Ground, ground
from tests.sdks.having import requires

STAND_INS = Path(__file__).parent.parent / "stand_ins"
DRIVEN = {
    "java": "java",
    "rust": "rust",
    "php": f"php={STAND_INS / 'php'}",
    "ruby": f"ruby={STAND_INS / 'ruby'}",
}
"""What is given for --sdk. PHP and Ruby have clients of our own with the SDK's surface: no registry has the SDKs."""


def driver(name: str) -> Installed:
    """The installed driver; the test is skipped, with the reason, where its toolchain is missing."""
    requires(name)
    return installed(parse(DRIVEN[name]), lambda line: print(line, file=sys.stderr))


@pytest.fixture(scope="session", params=DRIVEN)
def host(request: pytest.FixtureRequest) -> Iterator[Host]:
    with Host(driver(request.param)) as host:
        yield host


@pytest.fixture
def on(host: Host) -> Iterator[Ground]:
    with ground(host) as on:
        yield on
