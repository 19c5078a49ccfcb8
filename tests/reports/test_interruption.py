"""A run that somebody stops."""

import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from emulator.api import Api
from emulator.store import Store
from tests.reports.conftest import KEY, PATIENCE, ROOT, Outcome, Serve, command, organizations_at

CREATED = 8
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]


class Watched:
    """A correct implementation that says when the run has created a few organizations."""

    def __init__(self) -> None:
        self.is_busy = threading.Event()
        self._created = 0
        self._correct = Api(Store(), KEY).app()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._correct(scope, receive, send)
        self._created += scope["method"] == "POST"
        if self._created >= CREATED:
            self.is_busy.set()


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["alone", "with workers"])
def test_what_was_created_is_removed(
    serve: Serve, tmp_path: Path, number: signal.Signals, arguments: tuple[str, ...]
) -> None:
    target = Watched()
    url = serve(target)
    process = subprocess.Popen(
        command(url, tmp_path, *arguments),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert target.is_busy.wait(PATIENCE)
    os.killpg(process.pid, number)  # as a terminal does, to all of them
    out, err = process.communicate(timeout=PATIENCE)
    outcome = Outcome(process.returncode, out, err, tmp_path)
    assert outcome.code == 2, out + err
    assert organizations_at(url) == []
    assert not outcome.verdict["complete"]
    assert outcome.verdict["left"] == []
    assert "INCOMPLETE: 0 findings" in out
    assert [path.name for path in tmp_path.iterdir()] == ["verdict.json"]
