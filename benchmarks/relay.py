"""A relay between a client and a server that counts what passes, and can be as slow as a long way."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

REQUEST = re.compile(rb"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|QUERY) [^ \r\n]+ HTTP/1\.[01]\r\n")
CREATED = re.compile(rb"HTTP/1\.[01] 201[ \r]")


class Relay:
    """Counts requests and responses 201, and holds each piece of data for half of `round_trip` seconds."""

    def __init__(self, url: str, round_trip: float = 0.0) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port or 80
        self._one_way = round_trip / 2
        self.requests = 0
        self.created = 0

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Passes on one connection, both ways, until both sides have said all."""
        await asyncio.sleep(2 * self._one_way)  # the handshake
        with contextlib.suppress(OSError):
            server_reader, server_writer = await asyncio.open_connection(self._host, self._port)
            await asyncio.gather(
                self._pass(reader, server_writer, self._count_requests),
                self._pass(server_reader, writer, self._count_created),
            )

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
        with contextlib.suppress(OSError):
            while data := await self._due(under_way, clock):
                count(data)
                writer.write(data)
                await writer.drain()
            writer.close()
        taking.cancel()

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
    relay = Relay(url, round_trip)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(relay.connect, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    host, port = server.sockets[0].getsockname()
    try:
        yield f"http://{host}:{port}", relay
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        open_connections = asyncio.all_tasks(loop)
        for task in open_connections:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*open_connections, return_exceptions=True))
        loop.close()
