"""Connections that are slow, short-lived, or of another version of HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from emulator.api import Api
from emulator.listening import LOOPBACK, address, listen
from emulator.server import Server
from emulator.store import Store
from tests.controls.planting import control, legal
from tests.mutants.parts.middleware import Middleware, Reply, Request, raw, receiving, reply_of
from tests.mutants.planting import KEY

# ---- Rate limits ----------------------------------------------------------------------------------------


def limited(retry_after: Callable[[], dict[str, str]]) -> type[Middleware]:
    """Answers every 60th request with 429, without carrying it out."""

    class Limited(Middleware):
        async def response(self, request: Request, scope: Scope, receive: Receive) -> Reply:
            if request.number % 60:
                return await super().response(request, scope, receive)
            return Reply(429, retry_after(), b"Slow down.")

    return Limited


def in_a_second() -> dict[str, str]:
    """Retry-After as a date."""
    return {"retry-after": formatdate(time.time() + 1, usegmt=True)}


# fmt: off
control("rate-limit", "D: rate limits", "Every 60th response is 429 for a second.",
        limited(lambda: {"retry-after": "1"}))
control("rate-limit-until-a-date", "RFC 9110, 10.2.3", "Every 60th response is 429 until a date.", limited(in_a_second))
control("rate-limit-without-a-word", "RFC 6585, 4: Retry-After is optional", "Every 60th response is 429 and no more.",
        limited(dict))
# fmt: on

# ---- Responses in time and in pieces ----------------------------------------------------------------------


@legal("slow", "no source bounds it")
class Slow(Middleware):
    """Every response takes 20 milliseconds."""

    delay = 0.02


@legal("one-connection-each", "RFC 9112, 9.6")
class OneConnectionEach(Middleware):
    """Every response closes its connection, and says so."""

    def alter(self, request: Request, reply: Reply) -> None:
        reply.headers["connection"] = "close"


@legal("chunked", "RFC 9112, 7.1")
class Chunked(Middleware):
    """Every body comes in chunks of seven bytes, without a length."""

    pause = 0.0

    async def send(self, reply: Reply, send: Send) -> None:
        headers = {name: value for name, value in reply.headers.items() if name != "content-length"}
        await send({"type": "http.response.start", "status": reply.status, "headers": raw(headers)})
        for start in range(0, len(reply.body), 7):
            await send({"type": "http.response.body", "body": reply.body[start : start + 7], "more_body": True})
        await asyncio.sleep(self.pause)
        await send({"type": "http.response.body", "body": b""})


@legal("chunked-with-a-pause", "RFC 9112, 7.1")
class ChunkedWithAPause(Chunked):
    """Every body has a pause before its end."""

    pause = 0.005


# ---- Servers ------------------------------------------------------------------------------------------------


def impatient(app: ASGIApp) -> contextlib.AbstractContextManager[str]:
    """Serves, and hangs up as soon as a connection is idle, unannounced."""
    return serving_with(app, timeout_keep_alive=0)


@contextlib.contextmanager
def serving_with(app: ASGIApp, **settings: object) -> Iterator[str]:
    """Serves with other settings of uvicorn."""
    listener = listen()
    ready = threading.Event()
    server = Server(app, listener, ready.set)
    for name, value in settings.items():
        setattr(server.config, name, value)
    thread = threading.Thread(target=server.serve_until_stopped, daemon=True)
    thread.start()
    ready.wait()
    yield address(listener)
    server.should_exit = True
    thread.join()


@contextlib.contextmanager
def one_point_zero(app: ASGIApp) -> Iterator[str]:
    """Serves HTTP/1.0: each response ends with its connection."""
    server = ThreadingHTTPServer((LOOPBACK, 0), type("Handler", (Handler,), {"app": staticmethod(app)}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://{LOOPBACK}:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


class Handler(BaseHTTPRequestHandler):
    """Leads a request of the standard library's server to an application."""

    app: ASGIApp

    def answer(self) -> None:
        """Answers a request, without a content-length."""
        content = self.rfile.read(int(self.headers.get("content-length", "0")))
        reply = asyncio.run(reply_of(self.app, self._scope(), receiving(content)))
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            if name != "content-length":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = answer  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def _scope(self) -> Scope:
        path, _, query = self.path.partition("?")
        return {
            "type": "http",
            "http_version": "1.0",
            "method": self.command,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode("latin-1"),
            "query_string": query.encode("latin-1"),
            "root_path": "",
            "headers": [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in self.headers.items()],
            "client": self.client_address,
            "server": self.server.server_address,
        }


@legal("closed-unannounced", "RFC 9112, 9.3.1", serve=impatient)
def closed_unannounced() -> ASGIApp:
    """A connection is closed between two requests without a word."""
    return Api(Store(), KEY).app()


@legal("http-1-0", "RFC 9110, 2.5: any version of HTTP/1", serve=one_point_zero)
def http_1_0() -> ASGIApp:
    """The server speaks HTTP/1.0."""
    return Api(Store(), KEY).app()
