from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sdks.cache import Installed
from sdks.calls import Client, Limits, SdkCall
from sdks.host import Host
from sdks.request import parse
from tests.sdks import stand_in

CLIENT = Client("http://127.0.0.1:1", "sk_test_1")
SOON = Limits(ms=100)


def installed(fault: str) -> Installed:
    """The stand-in driver with that fault, as if it were the pinned release of the Python SDK."""
    command = (sys.executable, str(Path(stand_in.__file__)), fault)
    return Installed(parse("python"), command, Path(stand_in.__file__).parent)


def a_call(op: str = "lookup", limits: Limits | None = None, **args: object) -> SdkCall:
    """A call of `op` with what the protocol requires of its arguments."""
    required = {"lookup": {"external_id": "e-1"}, "get": {"id": "org_1"}}
    return SdkCall(op, required.get(op, {}) | args, CLIENT, limits=limits or Limits())


@pytest.fixture
def start() -> Iterator[Callable[[str], Host]]:
    """Starts a host over the stand-in driver with a fault; all are closed at the end."""
    with ExitStack() as hosts:
        yield lambda fault: hosts.enter_context(Host(installed(fault)))
