"""Connections that are opened ahead: none of them has carried anything, and none is used that was closed."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterator

import pytest

from conformance.harness.wire.transports import spare
from conformance.harness.wire.transports.network import Backend
from conformance.harness.wire.transports.spare import SpareConnections

SOON = 5.0


class Place:
    """A listener, both ends of whose connections are closed in the end."""

    def __init__(self, listener: socket.socket, ends: contextlib.ExitStack, may_open: bool) -> None:
        self.listener = listener
        self._ends = ends
        self.connections = SpareConnections(Backend(), lambda: may_open)
        ends.callback(self.connections.close)

    def connect(self) -> tuple[str, int]:
        """Asks for a connection; gives its address on this side."""
        stream = self.connections.connect_tcp(*self.listener.getsockname())
        self._ends.callback(stream.close)
        address: tuple[str, int] = stream.get_extra_info("client_addr")
        return address

    def accept(self) -> tuple[tuple[str, int], socket.socket]:
        """A connection by its address on the other side."""
        accepted, address = self.listener.accept()
        self._ends.callback(accepted.close)
        return address, accepted

    def connect_with_spare(self) -> tuple[tuple[str, int], socket.socket]:
        """Asks for a connection, and waits for the one that is opened beside it: its address, and its other end."""
        first = self.connect()
        accepted = dict(self.accept() for _ in range(2))
        for thread in self.connections._opening:
            thread.join(SOON)
        [address] = accepted.keys() - {first}
        return address, accepted[address]


@contextlib.contextmanager
def place(may_open: bool = True) -> Iterator[Place]:
    with contextlib.ExitStack() as ends:
        listener = ends.enter_context(socket.create_server(("127.0.0.1", 0)))
        listener.settimeout(SOON)
        yield Place(listener, ends, may_open)


def test_the_next_one_is_open_already() -> None:
    with place() as here:
        spare_one, _ = here.connect_with_spare()
        assert here.connect() == spare_one


def test_one_that_the_other_side_closed_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare, "PAUSE", SOON)
    with place() as here:
        spare_one, other_end = here.connect_with_spare()
        other_end.close()
        [stream] = [each.stream for each in here.connections._spare]
        select.select([stream.get_extra_info("socket")], [], [], SOON)
        assert here.connect() != spare_one


def test_none_is_opened_once_the_other_side_has_closed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare, "PAUSE", SOON)  # so that nothing but the next request looks at it
    with place() as here:
        _, other_end = here.connect_with_spare()
        other_end.close()
        [stream] = [each.stream for each in here.connections._spare]
        select.select([stream.get_extra_info("socket")], [], [], SOON)
        here.connect()
        here.accept()
        for thread in here.connections._opening:
            thread.join(SOON)
        here.listener.settimeout(0.0)
        with pytest.raises(BlockingIOError):
            here.listener.accept()


def test_one_that_waited_for_long_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with place() as here:
        spare_one, _ = here.connect_with_spare()
        monkeypatch.setattr(spare, "LONGEST_KEPT", 0.0)
        assert here.connect() != spare_one


def test_none_is_opened_where_none_may_be() -> None:
    with place(may_open=False) as here:
        here.connect()
        here.accept()
        here.listener.settimeout(0.0)
        with pytest.raises(BlockingIOError):
            here.listener.accept()
