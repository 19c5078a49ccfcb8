"""A target far away: every byte takes its time in both directions, and so does every new connection."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time

from tests.reach.proxies import CHUNK, Link, Serve


def far_away(round_trip: float) -> Serve:
    """Treats a connection as if this many seconds lay between the client and the target and back."""

    def serve(link: Link) -> None:
        time.sleep(round_trip)  # the handshake of TCP, which loopback has done already
        back = threading.Thread(target=_lead, args=(link.target, link.client, round_trip / 2), daemon=True)
        back.start()
        _lead(link.client, link.target, round_trip / 2)

    return serve


def _lead(source: socket.socket, sink: socket.socket, seconds: float) -> None:
    """Hands on what comes, each piece this much later; one piece does not wait for the one before it."""
    pieces: queue.Queue[tuple[float, bytes]] = queue.Queue()

    def deliver() -> None:
        with contextlib.suppress(OSError):
            while True:
                due, data = pieces.get()
                time.sleep(max(0.0, due - time.monotonic()))
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return
                sink.sendall(data)

    thread = threading.Thread(target=deliver, daemon=True)
    thread.start()
    data = b"-"
    while data:
        try:
            data = source.recv(CHUNK)
        except OSError:
            data = b""
        pieces.put((time.monotonic() + seconds, data))
    thread.join()
