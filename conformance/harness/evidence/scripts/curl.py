"""An exchange as a shell line that sends its request again."""

from __future__ import annotations

import shlex

from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scripts.shell import PLACEHOLDERS
from conformance.harness.wire.exchange import Exchange

SHOWN = {byte: chr(byte) for byte in range(0x20, 0x7F)} | {0x27: r"\'", 0x5C: r"\\", 0x0A: r"\n", 0x09: r"\t"}
"""How bytes are written inside $'...'."""
EXPANDED = '"$`\\'
"""What a shell acts upon inside of double quotes."""


def curl(exchange: Exchange, redactor: Redactor) -> str:
    """A shell line that sends the request again; the key is in $WORKOS_API_KEY, what --header gave in $HEADER_1 etc."""
    words = ["curl", "--include", "--globoff", "--path-as-is", "--request", exchange.method, exchange.url]
    shown = [quoted(redactor.text(word).encode()) for word in words]
    for name, value in exchange.headers.items():
        shown += ["--header", _header(redactor.text(f"{name}: {value}"))]
    body = redactor.bytes(exchange.body)
    if b"\0" in body:  # no argument of a program can hold a null byte
        return " ".join(["printf", "%b", _escaped(body), "|", *shown, "--data-binary", "@-"])
    if body:
        shown += ["--data-raw", quoted(body)]
    return " ".join(shown)


def _header(header: str) -> str:
    """The header for a shell, with the key or another value that is kept back left for the shell to fill in."""
    if not PLACEHOLDERS.search(header) or not header.isprintable():
        return quoted(header.encode("utf-8", "surrogateescape"))
    parts = PLACEHOLDERS.split(header)
    parts[::2] = ["".join(f"\\{sign}" if sign in EXPANDED else sign for sign in part) for part in parts[::2]]
    return f'"{"".join(parts)}"'


def quoted(word: bytes) -> str:
    """The word for a shell: as it is where that can be read and copied, else with escapes in $'...'."""
    try:
        text = word.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if text.isprintable():
        return shlex.quote(text)
    return "$'" + "".join(SHOWN.get(byte) or f"\\x{byte:02x}" for byte in word) + "'"


def _escaped(body: bytes) -> str:
    """The bytes as printf's %b takes them."""
    return "'" + "".join(f"\\0{byte:03o}" for byte in body) + "'"
