"""The emulator as a program: `python -m emulator --port N --api-key KEY [--db FILE]`.

Prints one line, `{"url": ...}`, when it takes requests. Stops on SIGTERM and Ctrl-C with exit code 0.
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
from pathlib import Path
from typing import NoReturn

from emulator.api import Api
from emulator.server import Server, address, listen
from emulator.store import Store


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
    made = Parser(prog="emulator", description="A local Organizations API.")
    made.add_argument("--port", type=port, default=0, help="0, the default, takes any free port")
    made.add_argument("--api-key", type=key, required=True, metavar="KEY", help="what clients send as bearer")
    made.add_argument("--db", type=Path, metavar="FILE", help="keep the data here instead of in memory")
    return made


def main() -> None:
    """Serves until a signal comes."""
    for stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stop, lambda *_: sys.exit(0))
    command = parser()
    arguments = command.parse_args()
    try:
        listener = listen(arguments.port)
    except OSError as error:
        command.error(f"cannot listen on port {arguments.port}: {os.strerror(error.errno or 0)}")
    with listener:
        try:
            store = Store(arguments.db)
        except sqlite3.Error as error:
            command.error(f"cannot use {arguments.db}: {error}")
        with contextlib.closing(store):
            serve(store, arguments.api_key, listener)


def serve(store: Store, api_key: str, listener: socket.socket) -> None:
    """Says the URL once it takes requests, then takes them until a signal comes."""
    line = json.dumps({"url": address(listener)})
    Server(Api(store, api_key).app(), listener, lambda: print(line, flush=True)).serve_until_stopped()


if __name__ == "__main__":
    main()
