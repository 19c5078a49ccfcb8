"""TCP proxies on loopback that treat connections as networks do: they hang up, and they take their time."""

from __future__ import annotations

import contextlib
import re
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

CHUNK = 65536


@dataclass
class Link:
    """One connection of a client, and the one that leads on to the target."""

    client: socket.socket
    target: socket.socket
    answered: threading.Event = field(default_factory=threading.Event)
    """Set when a response is complete, cleared when the client sends the next request."""
    _handing_back: threading.Lock = field(default_factory=threading.Lock)

    def hand_back(self, data: bytes, is_the_end: bool) -> None:
        """Gives the client a piece of a response. Its next request may come before this returns, and waits then."""
        with self._handing_back:
            self.client.sendall(data)
            if is_the_end:
                self.answered.set()

    def begin_request(self) -> bool:
        """Whether the client, which has just sent something, had the response to what it sent before."""
        with self._handing_back:
            was_answered = self.answered.is_set()
            self.answered.clear()
            return was_answered

    def reset(self) -> None:
        """Closes the client's connection so that it sees a reset, whatever it is about to do."""
        with contextlib.suppress(OSError):
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        """Closes both connections."""
        for end in (self.client, self.target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


Serve: TypeAlias = Callable[[Link], None]


@contextlib.contextmanager
def proxy(url: str, serve: Serve) -> Iterator[str]:
    """A proxy before the target at `url` that serves each connection on threads of its own; gives its address."""
    address = urlsplit(url)
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    links: list[Link] = []

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            target = socket.create_connection((address.hostname, address.port))
            target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            links.append(Link(client, target))
            threading.Thread(target=_guarded, args=(serve, links[-1]), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for link in links:
            link.close()


def _guarded(serve: Serve, link: Link) -> None:
    """Whatever happens to one connection, it ends with both sides closed."""
    with contextlib.suppress(OSError):
        serve(link)
    link.close()


def leads_back(link: Link) -> threading.Thread:
    """Hands on what the target sends, until it or the client closes."""

    def run() -> None:
        response = b""
        with contextlib.suppress(OSError):
            while data := link.target.recv(CHUNK):
                response += data
                is_the_end = is_complete(response)
                link.hand_back(data, is_the_end)
                response = b"" if is_the_end else response
        with contextlib.suppress(OSError):
            link.client.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def is_complete(response: bytes) -> bool:
    """Whether these bytes are a whole response; each says how long its body is."""
    head, end, body = response.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    return bool(end) and len(body) >= int(length[1] if length else 0)


def closing_on_the_next_request(link: Link) -> None:
    """Serves one request on each connection, and hangs up when the beginning of a second one comes."""
    leads_back(link)
    while data := link.client.recv(CHUNK):
        if link.begin_request():
            link.reset()
            return
        link.target.sendall(data)


def closing_after(seconds: float) -> Serve:
    """Hangs up this long after the last response, unannounced."""

    def serve(link: Link) -> None:
        leads_back(link)
        while data := _next(link, seconds):
            link.target.sendall(data)

    def _next(link: Link, seconds: float) -> bytes:
        """What the client sends next; nothing once a response is this long ago."""
        while not select.select([link.client], [], [], seconds)[0]:
            if link.answered.is_set():
                return b""
        link.begin_request()
        return link.client.recv(CHUNK)

    return serve


def closing_in_the_middle(link: Link) -> None:
    """Serves two requests on each connection; of the third it takes ten bytes and hangs up."""
    leads_back(link)
    requests = 1
    while True:
        data = link.client.recv(10 if link.answered.is_set() and requests == 2 else CHUNK)
        if not data:
            return
        requests += link.begin_request()
        if requests == 3:
            link.reset()
            return
        link.target.sendall(data)
