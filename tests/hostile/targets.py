"""Ways in which a server misbehaves, each by its name."""

from __future__ import annotations

import base64
import json
import socket
import struct
import zlib
from collections.abc import Callable
from urllib.parse import quote

from tests.hostile.servers import KEY, Connection, Misbehave

TABLE: dict[str, Misbehave] = {}
HARMLESS = (
    "chunked with trailers", "100 and 103 first", "escape sequences in headers", "1 MB beside each organization",
    "4 MB beside each page", "5,000 values beside each organization", "90 levels beside each organization",
)  # fmt: skip
"""What HTTP and the contract allow, so that the verdict is that of the emulator behind it."""
JUDGED = (
    "Content-Length too short", "5 MB beside everything", "invalid UTF-8", "NaN", "doubled keys",
    "100,000 levels of nesting", "900 levels of nesting", "lone surrogates", "numbers of a million digits",
    "7 MB of small values", "400,000 bad items", "an id of 100,000 letters", "nothing", "a DELETE that does nothing",
)  # fmt: skip
"""What claims to be JSON of the API, and is wrong: findings are a right verdict, if there is time for one."""


def lowest_exit_code(name: str, sound: int) -> int:
    """What a run against a row ends with at least: 0 only where nothing is wrong, 2 where there is nothing to judge."""
    if name in HARMLESS:
        return 0
    return 1 if sound or name in JUDGED else 2


def row(name: str) -> Callable[[Misbehave], Misbehave]:
    """Adds a way to the table."""

    def add(misbehave: Misbehave) -> Misbehave:
        TABLE[name] = misbehave
        return misbehave

    return add


@row("accepts and says nothing")
def _(connection: Connection) -> None:
    connection.wait()


@row("one byte a second")
def _(connection: Connection) -> None:
    connection.head()
    connection.write(b"content-length: 9999\r\n\r\n")
    while not connection.wait(1.0):
        connection.write(b" ")


@row("endless headers")
def _(connection: Connection) -> None:
    connection.head()
    while not connection.wait(0):
        connection.write(b"x-more: and more\r\n" * 1000)


@row("one header of 10 MB")
def _(connection: Connection) -> None:
    connection.head()
    connection.write(b"x-long: " + b"x" * 10_000_000 + b"\r\ncontent-length: 2\r\n\r\n{}")


@row("endless body")
def _(connection: Connection) -> None:
    connection.head()
    connection.write(b"\r\n")
    while not connection.wait(0):
        connection.write(b" " * 1_000_000)


@row("2 GB declared")
def _(connection: Connection) -> None:
    connection.head()
    connection.write(b"content-length: 2000000000\r\n\r\n" + b" " * 1_000_000)
    connection.wait()


@row("gzip that unfolds to 10 GB")
def _(connection: Connection) -> None:
    connection.head()
    connection.write(b"content-encoding: gzip\r\n\r\n")
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for _ in range(10_000):
        connection.write(packer.compress(b"\0" * 1_000_000))
    connection.hang_up()


@row("gzip within gzip")
def _(connection: Connection) -> None:
    body = b"\0" * 10_000_000
    for _ in range(2):
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        body = packer.compress(body) + packer.flush()
    connection.answer(body, content_encoding="gzip, gzip")


@row("Content-Length too long")
def _(connection: Connection) -> None:
    connection.head()
    connection.write(b"content-length: 100\r\n\r\n{}")
    connection.hang_up()


@row("Content-Length too short")
def _(connection: Connection) -> None:
    connection.head()
    connection.write(b'content-length: 3\r\n\r\n{"id": "org_1"}')


@row("closes at once")
def _(connection: Connection) -> None:
    connection.hang_up()


@row("closes within the head")
def _(connection: Connection) -> None:
    connection.head()
    connection.hang_up()


@row("closes within the body")
def _(connection: Connection) -> None:
    connection.head()
    connection.write(b'content-length: 100\r\n\r\n{"id')
    connection.hang_up()


def reset(connection: Connection) -> None:
    """Lets the connection end with a reset."""
    connection.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.hang_up()


@row("resets at once")
def _(connection: Connection) -> None:
    reset(connection)


@row("resets within the body")
def _(connection: Connection) -> None:
    connection.head()
    connection.write(b'content-length: 100\r\n\r\n{"id')
    reset(connection)


@row("HTTP/0.9")
def _(connection: Connection) -> None:
    connection.write(b'{"object": "list"}\n')
    connection.hang_up()


@row("chunked with trailers")
def _(connection: Connection) -> None:
    response = connection.sound()
    connection.head(response.status_code, **dict(response.headers.items()))
    connection.write(b"transfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n")
    for start in range(0, len(response.content), 100):
        chunk = response.content[start : start + 100]
        connection.write(b"%x;extension=1\r\n%s\r\n" % (len(chunk), chunk))
    connection.write(b"0\r\nx-sum: 1\r\n\r\n")


@row("100 and 103 first")
def _(connection: Connection) -> None:
    connection.write(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n")
    connection.relay()


def body(name: str, content: bytes) -> None:
    """A row in which every response has the same body."""
    TABLE[name] = lambda connection: connection.answer(content, 201 if connection.command == "POST" else 200)


@row("escape sequences in headers")
def _(connection: Connection) -> None:
    response = connection.sound()
    text = "\x1b]0;owned\x07\x1b[2J\x9b31m"
    connection.answer(response.content, response.status_code, **{"x-request-id": text, "x-more": text})


def beside(name: str, field: bytes, to: tuple[str, ...] = ("organization", "list")) -> None:
    """A row in which sound responses have one more field: objects are open."""

    def add(connection: Connection) -> None:
        response = connection.sound()
        content = response.content
        if response.is_success and content.startswith(b"{") and response.json()["object"] in to:
            content = b'%s, "more": %s}' % (content[:-1], field)
        connection.answer(content, response.status_code, **dict(response.headers.items()))

    TABLE[name] = add


beside("1 MB beside each organization", b'"%s"' % (b"x" * 1_000_000), ("organization",))
beside("5 MB beside everything", b'"%s"' % (b"x" * 5_000_000))
beside("4 MB beside each page", b'"%s"' % (b"x" * 4_000_000), ("list",))
beside("5,000 values beside each organization", b"[%s0]" % (b"{}," * 5_000), ("organization",))
beside("90 levels beside each organization", b"[" * 90 + b"]" * 90, ("organization",))
body("invalid UTF-8", b'{"id": "org_\xff\xfe", "data": []}')
body("NaN", b'{"id": NaN, "data": [Infinity]}')
body("doubled keys", b'{"id": "org_1", "id": "org_2", "data": [], "data": {}, "object": "list"}')
body("100,000 levels of nesting", b"[" * 100_000 + b"]" * 100_000)
body("900 levels of nesting", b'{"id": "org_1", "metadata": ' + b'{"a":' * 900 + b"1" + b"}" * 901)
body("lone surrogates", rb'{"id": "org_\ud800", "name": "\udfff", "data": [{"id": "\ud800"}], "\ud800": 1}')
body("numbers of a million digits", b'{"id": "org_1", "name": ' + b"1" * 1_000_000 + b"}")
body("60 MB of valid JSON", b'{"data": [' + b'{"id": "x"},' * 5_000_000 + b"{}]}")
body("7 MB of small values", b'{"data": [' + b"[]," * 2_300_000 + b"[]]}")
body("400,000 bad items", b'{"object": "list", "data": [' + b"1," * 400_000 + b"1]}")
body("an id of 100,000 letters", b'{"id": "%s", "name": 5}' % (b"x" * 100_000))
body("nothing", b"")
TABLE["HTML"] = lambda connection: connection.answer(b"<html>It works!</html>", content_type="text/html")


@row("redirects in a loop")
def _(connection: Connection) -> None:
    connection.answer(status=302, location=connection.path)


@row("redirects to another host")
def _(connection: Connection) -> None:
    connection.answer(status=307, location=f"http://127.0.0.1:9{connection.path}?key={KEY}")


@row("429 for ever")
def _(connection: Connection) -> None:
    connection.answer(status=429)


@row("429 with Retry-After of a day")
def _(connection: Connection) -> None:
    connection.answer(status=429, retry_after="86400")


@row("Retry-After 40 on each first try")
def _(connection: Connection) -> None:
    request = connection.command, connection.path, connection.content
    if request in connection.server.tried:
        connection.relay()
    else:
        connection.server.tried.add(request)
        connection.answer(status=429, retry_after="40")


@row("a DELETE that does nothing")
def _(connection: Connection) -> None:
    if connection.command == "DELETE":
        connection.answer(b"Accepted", 202, content_type="text/plain")
    else:
        connection.relay()


@row("goes away")
def _(connection: Connection) -> None:
    connection.server.socket.close()
    reset(connection)


def everything(status: int) -> None:
    """A row in which every response has the same status."""
    TABLE[f"everything {status}"] = lambda connection: connection.answer(b'{"message": "no"}', status)


for status in (500, 503, 404, 401, 403):
    everything(status)


@row("the key echoed in every form")
def _(connection: Connection) -> None:
    forms = [
        KEY, KEY.upper(), KEY[:-3], quote(KEY, safe=""), "".join(f"%{ord(char):02x}" for char in KEY),
        base64.b64encode(KEY.encode()).decode(), base64.b64encode(f"{KEY}:".encode()).decode(),
        "".join(f"&#{ord(char)};" for char in KEY),
    ]  # fmt: skip
    escaped = "".join(f"\\u{ord(char):04x}" for char in KEY)
    said = json.dumps({"message": " ".join(forms), KEY: 1, "id": f"org_{KEY}"})[:-1] + f', "code": "{escaped}"}}'
    connection.answer(said.encode(), 400, **{KEY: "as a name", "x-key": KEY})


@row("escape sequences for terminals")
def _(connection: Connection) -> None:
    text = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\x08"
    value = {"message": text, "code": text, "id": text, "name": text, "errors": [{"code": text}], text: text}
    connection.answer(json.dumps(value, ensure_ascii=False).encode(), 422)


@row("each answer after 9 seconds")
def _(connection: Connection) -> None:
    if not connection.wait(9.0):
        connection.relay()
