from __future__ import annotations

import contextlib
import time

import httpx

from benchmarks.relay import relayed
from benchmarks.targets import emulator
from emulator.api import Api
from emulator.server import serving
from emulator.store import Store

KEY = "sk_test_relay"
ROUND_TRIP = 0.1


def test_a_relay_counts_requests_and_what_they_created() -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    with (
        contextlib.closing(Store()) as store,
        serving(Api(store, KEY).app()) as server,
        relayed(server) as (url, relay),
        httpx.Client(base_url=url, headers=headers) as client,
    ):
        for name in ("one", "GET /organizations HTTP/1.1", "x" * 200_000):
            assert client.post("/organizations", json={"name": name}).json()["name"] == name
        assert client.post("/organizations", json={}).status_code == 422
        assert len(client.get("/organizations").json()["data"]) == 3
        client.delete("/organizations/org_x")
    assert (relay.requests, relay.created) == (6, 3)


def test_a_relay_from_afar_takes_at_least_its_round_trip() -> None:
    with (
        contextlib.closing(Store()) as store,
        serving(Api(store, KEY).app()) as server,
        relayed(server, ROUND_TRIP) as (url, _),
        httpx.Client(base_url=url) as client,
    ):
        for _ in range(2):
            began = time.monotonic()
            assert client.get("/organizations").status_code == 401
            assert time.monotonic() - began >= ROUND_TRIP


def test_a_target_has_as_many_organizations_as_were_asked_for() -> None:
    with emulator(250) as target:
        assert target.organizations() == 250
    with emulator() as target:
        assert target.organizations() == 0
