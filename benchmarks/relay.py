"""A relay between a client and a server that counts what passes, and can be as slow as a long way."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

REQUEST = re.compile(rb"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|QUERY) [^ \r\n]+ HTTP/1\.[01]\r\n")
CREATED = re.compile(rb"HTTP/1\.[01] 201[ \r]")


class Relay:
    """Counts requests and responses 201, and holds each piece of data for half of `round_trip` seconds."""

    def __init__(self, url: str, round_trip: float = 0.0) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port or 80
        self._one_way = round_trip / 2
        self._connections: list[asyncio.Task[Any]] = []
        self.requests = 0
        self.created = 0

    async def serve(self, listening: Callable[[str], object], stop: asyncio.Event) -> None:
        """Says its URL when it takes connections, and takes them until it is stopped."""
        async with await asyncio.start_server(self._connect, "127.0.0.1", 0) as server:
            host, port = server.sockets[0].getsockname()
            listening(f"http://{host}:{port}")
            await stop.wait()
            for connection in self._connections:
                connection.cancel()
            await asyncio.gather(*self._connections)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Passes on one connection, both ways, until both sides have said all or the relay is stopped."""
        connection = asyncio.current_task()
        assert connection is not None
        self._connections.append(connection)
        writers = [writer]
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await asyncio.sleep(2 * self._one_way)  # the handshake
            server_reader, server_writer = await asyncio.open_connection(self._host, self._port)
            writers.append(server_writer)
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._pass(reader, server_writer, self._count_requests))
                ways.create_task(self._pass(server_reader, writer, self._count_created))
        for each in writers:
            each.close()
            with contextlib.suppress(OSError):
                await each.wait_closed()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, count: Callable[[bytes], None]
    ) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        clock = asyncio.get_running_loop().time

        async def take() -> None:
            more = True
            while more:
                data = b""
                with contextlib.suppress(OSError):
                    data = await reader.read(65536)
                under_way.put_nowait((clock() + self._one_way, data))
                more = bool(data)

        taking = asyncio.create_task(take())
        try:
            while data := await self._due(under_way, clock):
                count(data)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            taking.cancel()
            writer.close()

    async def _due(self, under_way: asyncio.Queue[tuple[float, bytes]], clock: Callable[[], float]) -> bytes:
        moment, data = await under_way.get()
        await asyncio.sleep(max(0.0, moment - clock()))
        return data

    def _count_requests(self, data: bytes) -> None:
        self.requests += len(REQUEST.findall(data))

    def _count_created(self, data: bytes) -> None:
        self.created += len(CREATED.findall(data))


@contextlib.contextmanager
def relayed(url: str, round_trip: float = 0.0) -> Iterator[tuple[str, Relay]]:
    """A relay to a server, on a free loopback port: its URL, and itself."""
    relay, stop = Relay(url, round_trip), asyncio.Event()
    addresses: queue.SimpleQueue[tuple[str, asyncio.AbstractEventLoop]] = queue.SimpleQueue()

    def listening(address: str) -> None:
        addresses.put((address, asyncio.get_running_loop()))

    thread = threading.Thread(target=lambda: asyncio.run(relay.serve(listening, stop)), daemon=True)
    thread.start()
    address, loop = addresses.get()
    try:
        yield address, relay
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
