from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.harness.fixtures.availability import Availability
from conformance.harness.judges.finding import BlockedError
from conformance.harness.plugin.run import Run
from conformance.harness.wire.target import Target

from .client import KEY
from .samples import a_list, an_organization
from .servers import Answering, Connection, Server, answering, in_turn, send

LAG = 0.6
TIMEOUT = 0.2


@contextlib.contextmanager
def run_at(server: Server, folder: Path, timeout: float = TIMEOUT) -> Iterator[Run]:
    """A run that leaves no file and no connection open."""
    run = Run(Target(server.url, KEY, LAG, timeout=timeout, max_retry_wait=5.0), folder)
    try:
        yield run
    finally:
        run.journal.close()
        run._http.close()


def hangs_at_post(connection: Connection) -> None:
    if connection.command == "POST":
        connection.wait()
    else:
        connection.send()


class Gone:
    """Every organization that is created can be read until it is deleted."""

    def __init__(self) -> None:
        self.name = None

    def __call__(self, connection: Connection) -> None:
        if connection.command == "POST":
            self.name = json.loads(connection.server.received[-1].body).get("name")
        elif connection.command == "DELETE":
            self.name = None
        shown = an_organization(name=self.name, created_at="2999-01-01T00:00:00Z", external_id=None, metadata={})
        if connection.path.partition("?")[0] == "/organizations" and connection.command == "GET":
            connection.send(200, json.dumps(a_list(*[shown] if self.name else [])).encode())
        elif self.name:
            connection.send(201 if connection.command == "POST" else 200, json.dumps(shown).encode())
        else:
            connection.send(202 if connection.command == "DELETE" else 404, b'{"message": "no"}')


@pytest.fixture
def server() -> Iterator[Server]:
    with answering(Gone()) as server:
        yield server


@pytest.fixture
def run(server: Server, tmp_path: Path) -> Iterator[Run]:
    with run_at(server, tmp_path) as run:
        yield run


def test_eventually_waits_for_what_is_wanted(run: Run) -> None:
    run.wire.send("create", body={})
    shown = threading.Event()
    threading.Timer(0.2, shown.set).start()
    assert run.eventually(shown.is_set, True) is True


def test_eventually_gives_up_when_the_lag_is_over(run: Run) -> None:
    run.wire.send("create", body={})
    started = time.monotonic()
    assert run.eventually(lambda: False, True) is False
    assert LAG / 2 < time.monotonic() - started < LAG + 2


def test_eventually_looks_once_long_after_the_last_write(run: Run) -> None:
    looks = iter([False, True])
    assert run.eventually(lambda: next(looks), True) is False


def test_an_operation_that_hangs_is_given_up_and_blocks(tmp_path: Path) -> None:
    with answering(hangs_at_post) as server, run_at(server, tmp_path) as run:
        availability = Availability(run.organizations, run.judges, run.drafts, run.eventually)
        asked = len(server.received)
        with pytest.raises(BlockedError, match="not met") as blocked:
            run.wire.send("create", body={})
        assert blocked.value.finding.requirement in ("create.answers", "answer.complete")
        assert not availability.has("create")
        assert len(server.received) == asked


def test_an_operation_that_has_to_wait_is_not_given_up(tmp_path: Path) -> None:
    responses: list[Answering] = [send(429, retry_after="1"), send()] * 3
    with answering(in_turn(*responses)) as server, run_at(server, tmp_path, timeout=0.5) as run:
        for _ in range(3):
            assert run.wire.send("list").status == 200


def test_what_the_run_created_is_removed(run: Run, server: Server, tmp_path: Path) -> None:
    run.wire.send("create", body={"name": f"{run.token} x"})
    assert [claim.id for claim in run.journal.left] == [an_organization()["id"]]
    assert run.remove_everything() == []
    assert list(tmp_path.iterdir()) == []
    assert "DELETE" in [request.method for request in server.received]
