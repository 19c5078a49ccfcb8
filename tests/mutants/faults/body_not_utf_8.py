"""Bodies that are not UTF-8 and are taken."""

from __future__ import annotations

from typing import Any

from emulator.validation import Rules
from tests.mutants.parts.bodies import loads, parsing, with_bytes_replaced
from tests.mutants.planting import mutant, plant


def utf_16(content: bytes) -> Any:
    """JSON in UTF-16."""
    return loads(content.decode("utf-16") if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "")


# fmt: off
plant("body-with-bad-bytes-accepted", "body.not-utf-8",
      "Bytes that are no UTF-8 are replaced.",
      parsing(with_bytes_replaced))
plant("body-in-utf-16-accepted", "body.not-utf-8", "A body in UTF-16 is accepted.", parsing(utf_16))
# fmt: on


@mutant("body-in-latin-1-accepted", "body.not-utf-8")
class BodyInLatin1Accepted(Rules):
    """A body that is not UTF-8 is read as Latin-1."""

    def parsed(self, content: bytes) -> Any:
        try:
            content.decode()
        except UnicodeDecodeError:
            content = content.decode("latin-1").encode()
        return super().parsed(content)
