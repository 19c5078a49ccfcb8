"""Responses of absurd sizes: what is read of them, and what is kept."""

from __future__ import annotations

import gc
import tracemalloc
from pathlib import Path

import pytest

from conformance.harness.wire.ownership.owner import OwnsNothing
from conformance.harness.wire.target import Target
from conformance.harness.wire.transports.chain import build_client
from tests.conformance.altered import KEY, Passing, altered
from tests.conformance.client import RecordingListener
from tests.conformance.removing import create_some, run_at
from tests.conformance.servers import answering, send

LARGE = 900_000
"""Bytes of a field that nobody documents."""
CREATED = 20


@pytest.mark.parametrize(
    ("extensions", "is_read"),
    [
        ({"operation": "list"}, True),
        ({"operation": "get"}, False),
        ({"operation": "lookup"}, False),
        ({"operation": "get", "removal": True}, True),
    ],
    ids=["page", "organization", "lookup", "removal"],
)
def test_an_organization_is_bounded_more_narrowly_than_a_page(extensions: dict[str, object], is_read: bool) -> None:
    body = b'{"more": "%s"}' % (b"x" * 2_000_000)
    listener = RecordingListener()
    with (
        answering(send(body=body)) as server,
        build_client(Target(server.url, KEY, lag=0.0), OwnsNothing(), listener) as http,
    ):
        http.get("/organizations", extensions=extensions)
    [exchange] = listener.exchanges
    assert (exchange.response is not None) is is_read
    assert is_read or "longer than 1048576 bytes" in exchange.fault


def with_more(passing: Passing) -> None:
    if passing.method != "DELETE":
        passing.json = {**passing.json, "more": "x" * LARGE}


def test_what_a_run_keeps_of_all_its_responses_is_little(tmp_path: Path) -> None:
    with altered(with_more) as place, run_at(place, tmp_path) as run:
        run.wire.send("list")
        tracemalloc.start()
        for identifier in create_some(run, CREATED):
            run.organizations.update(identifier, {"metadata": {"changed": "yes"}})
            run.organizations.get(identifier)
        run.ledger.take_recent()
        place.app.passed.clear()  # the server is in this process, too
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert run.remove_everything() == []
        assert place.everyone() == {}
    assert kept < CREATED * LARGE


def test_what_a_walk_keeps_of_its_pages_is_little(tmp_path: Path) -> None:
    with altered(with_more) as place, run_at(place, tmp_path) as run:
        large = [run.organizations.list(limit=1) for _ in range(CREATED)]
        for page in large:
            assert "more" not in page.call.outcome.json  # type: ignore[union-attr]
            assert len(page) == 0
