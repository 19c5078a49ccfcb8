"""The log of a release: the calls of a proof made through it against a server that answers from a script."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from unittest import mock

import httpx

from tests.blind.sdks.planted import ELSEWHERE, HERE, NOBODY, Proof, Reply, placed
from tests.blind.sdks.server import PATIENCE, listening
from tests.mutants.sdks.call import Call
from tests.mutants.sdks.release import Release


def log_of(release: type[Release], proof: Proof) -> str:
    """What was sent, given back and waited for, line by line; the same for a release whenever it is asked for."""
    script = Script(proof)
    with listening(script) as here, listening(script) as elsewhere, unbound() as nobody:
        script.addresses = {HERE: here, ELSEWHERE: elsewhere, NOBODY: nobody}
        with script.patches(subject := release("1.0.0")):
            for given in proof.calls:
                script.make(subject, given)
            script.wait_for_requests()
        subject.close()
    return "\n".join(script.lines)


class Script:
    """The replies, and the log."""

    def __init__(self, proof: Proof) -> None:
        self.addresses: dict[str, str] = {}
        self.lines: list[str] = []
        self.first_call_ended = threading.Event()
        self._proof = proof
        self._during_pause = list(proof.during_pause)
        self._requests = 0
        self._connections = 0
        self._arrived = threading.Condition()

    def make(self, release: Release, given: Call) -> None:
        """Makes a call and notes what came of it."""
        client, opts = placed(given.client, self.addresses), placed(given.opts, self.addresses)
        outcome = release.outcome(dataclasses.replace(given, client=client, opts=opts))
        self.note(f"{outcome['type']} {json.dumps(outcome, sort_keys=True, ensure_ascii=False)}")
        self.first_call_ended.set()

    def note(self, line: str) -> None:
        """Adds a line, in which addresses are placeholders again."""
        for placeholder, address in self.addresses.items():
            line = line.replace(address, placeholder).replace(address.removeprefix("http://"), placeholder)
        self.lines.append(line)

    def reply_to(self, connection: int, request: str) -> Reply:
        """Notes a request and gives the next reply."""
        with self._arrived:
            self.note(f"request {self._requests + 1} on connection {connection}\n{request}")
            reply = self._proof.script[min(self._requests, len(self._proof.script) - 1)]
            self._requests += 1
            self._arrived.notify_all()
        return dataclasses.replace(reply, headers=placed(dict(reply.headers), self.addresses))

    def next_connection(self) -> int:
        """The number of a connection that was opened."""
        with self._arrived:
            self._connections += 1
            return self._connections

    def wait_for_requests(self) -> None:
        """Waits for the requests that come after the calls."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._requests >= self._proof.requests, PATIENCE)

    @contextlib.contextmanager
    def patches(self, release: Release) -> Iterator[None]:
        """Notes pauses instead of making them, without jitter, and the timeout of each request."""

        def sleep(seconds: float) -> None:
            self.note(f"pause {seconds:.1f}")
            while self._during_pause:
                self.make(release, self._during_pause.pop(0))

        def request(client: httpx.Client, method: str, url: httpx.URL, **options: Any) -> httpx.Response:
            self.note(f"timeout {options['timeout']}")
            return send(client, method, url, **options)

        send = httpx.Client.request
        with contextlib.ExitStack() as patches:
            patches.enter_context(mock.patch.object(time, "sleep", sleep))
            patches.enter_context(mock.patch.object(random, "uniform", lambda low, high: high))
            patches.enter_context(mock.patch.object(httpx.Client, "request", request))
            yield


@contextlib.contextmanager
def unbound() -> Iterator[str]:
    """An address that refuses connections."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{reserved.getsockname()[1]}"
