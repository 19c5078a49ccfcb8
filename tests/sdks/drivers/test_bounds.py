"""Calls that take long, calls at the same time, and a start without network."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from emulator.server import serving
from sdks.calls import Client, Failed, Failure, Limits, NotExpressible, Options, Raised, Returned, SdkCall
from sdks.host import Host
from sdks.values import untagged
from tests.sdks.drivers.conftest import driver
from tests.sdks.drivers.ground import KEY, Ground
from tests.sdks.echo import Echo, Fixed, Silent
from tests.sdks.test_offline import started_again

UNKNOWN = {"id": "org_01EHZNVPK3SFK441A1RGBFSHRT"}


@pytest.mark.parametrize("where", ["client", "call"])
def test_a_timeout_ends_a_request(host: Host, where: str) -> None:
    silent = Silent()
    # PHP's timeouts are whole seconds.
    in_client, in_call = (1000, None) if where == "client" else (None, 1000)
    with serving(silent) as url:
        client = Client(url, KEY, max_retries=0, timeout_ms=in_client)
        reply = host.call(SdkCall("get", UNKNOWN, client, Options(timeout_ms=in_call)))
    if host.name == "rust" and where == "call":
        assert isinstance(reply, NotExpressible)
    else:
        assert isinstance(reply, Raised), reply
        assert reply.kind in ("timeout", "connection")
        assert silent.requests


def test_a_call_that_outlives_its_limit_is_ended_with_its_driver(on: Ground) -> None:
    before = on.host.pid
    with serving(Silent()) as url:
        reply = on.host.call(SdkCall("get", UNKNOWN, Client(url, KEY), limits=Limits(ms=200)))
    assert isinstance(reply, Failed)
    assert reply.failure is Failure.HUNG
    assert on.value("create", {"name": "After"})["name"] == "After"
    assert on.host.pid != before


def test_calls_run_at_the_same_time_where_the_language_can(host: Host) -> None:
    """The target answers none of them before all have come."""
    keys = [f"sk_{number}" for number in range(1 if "parallel" in host.unsupported else 6)]
    with serving(Echo(together=len(keys))) as url:
        replies = host.call_together([SdkCall("get", UNKNOWN, Client(url, key)) for key in keys])
    names = [untagged(reply.value)["name"] for reply in replies if isinstance(reply, Returned)]
    assert names == [f"Bearer {key}" for key in keys]


def test_what_an_error_carries_may_be_of_any_type(host: Host) -> None:
    with serving(Fixed(404, {"message": {"a": 1}, "code": [5]})) as url:
        reply = host.call(SdkCall("get", UNKNOWN, Client(url, KEY, max_retries=0)))
    assert isinstance(reply, Raised), reply


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"null", b"[]", b'{"object":"organization"}', b'{"id":7}'])
def test_an_answer_that_is_no_organization_is_never_the_driver_s_failure(host: Host, body: bytes) -> None:
    with serving(Fixed(200, body)) as url:
        reply = host.call(SdkCall("get", UNKNOWN, Client(url, KEY, max_retries=0)))
    assert isinstance(reply, Raised | Returned), reply


def test_values_cross_the_protocol_unharmed(on: Ground) -> None:
    names = [
        "null",
        "0",
        "2026-01-15T12:00:00.000Z",
        "$set",
        "a\u2028b\u2029c",
        '"\\',
        "e\u0301",
        "\U0001f600",
        "\u0085",
    ]
    assert [on.value("create", {"name": name})["name"] for name in names] == names
    metadata = {"null": "null", "$date": "", "$map": "$enum", "constructor": "x", "__proto__": "y", "0": "z"}
    assert on.value("create", {"name": "A", "metadata": metadata})["metadata"] == metadata


@pytest.mark.parametrize("name", ["java", "rust"])
def test_a_second_start_needs_no_network(name: str) -> None:
    driver(name)
    alone = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    if shutil.which("ip") is None or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a network of their own")
    again = started_again(alone, name, dict(os.environ))
    assert (again.returncode, again.stdout, again.stderr) == (0, "A\n", "")
