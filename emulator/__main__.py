"""The emulator as a program: `python -m emulator --port N --api-key KEY [--host HOST] [--db FILE] [--log]`.

Prints one line, `{"url": ...}`, when it takes requests. Stops on SIGTERM and Ctrl-C with exit code 0, and
with `--fd`, which takes a socket over from the program that started it, when that program ends.
Whatever keeps it from starting is one line on stderr and exit code 2.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import sqlite3
import sys
import threading
from pathlib import Path
from typing import NoReturn

from starlette.types import ASGIApp

from emulator.api import Api
from emulator.listening import LOOPBACK, address, listen
from emulator.request_log import RequestLog
from emulator.server import Server
from emulator.store import Store

STANDARD_INPUT = 0

ABOUT = """\
A local server that behaves as the WorkOS Organizations API promises: create, read, update,
delete, look up by external_id, list with search and filters. For tests and development; it
needs no account and no network, and forgets its data when it stops unless --db is given.

  python -m emulator --port 4100 --api-key sk_test_local
  curl -H "Authorization: Bearer sk_test_local" http://127.0.0.1:4100/organizations

It prints one line of JSON, {"url": ...}, as soon as it takes requests."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors take one line."""

    def error(self, message: str) -> NoReturn:
        """Exits with 2."""
        self.exit(2, f"emulator: {message}\n")


def port(text: str) -> int:
    """A port number. Raises ValueError."""
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return number


def key(text: str) -> str:
    """A key that fits into a header. Raises ValueError."""
    if not (text.isascii() and text.isprintable()) or text.split() != [text]:
        raise ValueError(text)
    return text


def parser() -> Parser:
    """The command line."""
    made = Parser(prog="python -m emulator", description=ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--api-key", type=key, required=True, metavar="KEY", help="the bearer token to expect")
    made.add_argument("--port", type=port, default=0, metavar="N", help="listen here; without it, on any free port")
    made.add_argument(
        "--host", default=LOOPBACK, help=f"listen on this address (default: {LOOPBACK}, this machine only)"
    )
    made.add_argument(
        "--fd",
        type=int,
        metavar="N",
        help="take requests at the listening socket that this file descriptor is, until standard input ends",
    )
    made.add_argument("--db", type=Path, metavar="FILE", help="keep the data in this SQLite file, also over a restart")
    made.add_argument("--log", action="store_true", help="write a line for each request to stderr, without the key")
    return made


def main() -> None:
    """Serves until a signal comes."""
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: sys.exit(0))
    command = parser()
    given = command.parse_args()
    try:
        listener = listen(given.port, given.host) if given.fd is None else inherited(given.fd)
    except (OSError, UnicodeError) as error:
        place = f"{given.host} port {given.port}" if given.fd is None else f"file descriptor {given.fd}"
        command.error(f"cannot listen on {place}: {reason(error)}")
    with listener:
        try:
            store = Store(given.db)
        except sqlite3.Error as error:
            command.error(f"cannot use {given.db}: {error}")
        with contextlib.closing(store):
            app: ASGIApp = Api(store, given.api_key).app()
            serve(RequestLog(app, given.api_key, say) if given.log else app, listener)


def inherited(descriptor: int) -> socket.socket:
    """The listening socket of whoever started this program, with whom it ends. Raises OSError where there is none."""
    listener = socket.socket(fileno=descriptor)
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    return listener


def end_with_standard_input() -> None:
    """Stops this program, as SIGTERM does, when nobody can write to its standard input any more."""
    while os.read(STANDARD_INPUT, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def serve(app: ASGIApp, listener: socket.socket) -> None:
    """Says the URL once it takes requests, then takes them until a signal comes."""
    line = json.dumps({"url": address(listener)})
    Server(app, listener, lambda: print(line, flush=True)).serve_until_stopped()


def say(line: str) -> None:
    """Writes a line to stderr; that nobody reads it any more is no reason to fail a request."""
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def reason(error: Exception) -> str:
    """Why a socket cannot be had, in one line."""
    if isinstance(error, OSError) and not isinstance(error, socket.gaierror):
        return os.strerror(error.errno or 0)
    return "no such address"


if __name__ == "__main__":
    main()
