"""What a notorious value is, and what decides its fate."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class Field(enum.StrEnum):
    """Where a value stands."""

    NAME = "name"
    EXTERNAL_ID = "external_id"
    METADATA_KEY = "metadata key"
    METADATA_VALUE = "metadata value"
    DOMAIN = "domain"
    SEARCH = "search"


class Fate(enum.StrEnum):
    """What may become of a value."""

    MUST = "must"
    """It is accepted and comes back unchanged; a search for it takes each character for itself."""
    SHOULD = "should"
    """The same, but a target that does otherwise has some reason on its side."""
    EITHER = "either"
    """It is refused with a 4xx, or accepted and comes back unchanged."""


class Ground(NamedTuple):
    """What decides the fate of values: a source by its mark in requirements.yaml, or that there is none."""

    fate: Fate
    because: str


AS_SENT = Ground(Fate.MUST, "S: a create returns what was sent; O: the schema allows the value")
LITERAL = Ground(Fate.MUST, "O: the text is matched against the name, so that each character stands for itself")
PADDED = Ground(Fate.SHOULD, "nothing allows trimming a name; K: the vendor's own emulator does")
BLANK_NAME = Ground(Fate.EITHER, "nothing says whether white space alone counts as an empty name, which may be refused")
NOT_NORMAL = Ground(Fate.SHOULD, "nothing allows normalizing a name that is not in NFC; much software does")
BEYOND_ASCII = Ground(Fate.SHOULD, "O allows the value; D: an older guide knows nothing but printable ASCII")
SHORT_SEGMENT = Ground(Fate.SHOULD, "O's pattern allows the value; clients and servers resolve it as a path")
HOST_NAME = Ground(Fate.MUST, "O: any string is allowed, and this is a host name by RFC 1123")
ANY_DOMAIN = Ground(Fate.EITHER, "O allows any string; nothing says in which form domains are taken")
ANY_NAME = Ground(Fate.EITHER, "nothing decides whether a name may hold this; once taken it stays as it is")

SLOTS = ("{digits}", "{hex}", "{word}")
"""What a template holds where a value is made the caller's own: 12 digits, 12 hexadecimal digits, 10 letters."""

Row: TypeAlias = tuple[str, str, str] | tuple[str, str, str, Ground]
"""Id within the field, template, reason, and the ground where it is not AS_SENT."""


@dataclass(frozen=True)
class Notorious:
    """One value, and why it is one."""

    id: str
    field: Field
    template: str
    """The value, with SLOTS in it where it must differ between callers."""
    reason: str
    """What real code takes it for or makes of it."""
    ground: Ground = AS_SENT

    @property
    def fate(self) -> Fate:
        """What may become of the value."""
        return self.ground.fate

    @property
    def is_own(self) -> bool:
        """Whether nobody else has the value. An external_id that is not may be taken already."""
        return any(slot in self.template for slot in SLOTS)

    def value(self, own: str) -> str:
        """The value for this caller. Any text will do for `own`; the same text gives the same value."""
        digest = hashlib.sha256(own.encode()).hexdigest()
        letters = digest.translate(str.maketrans("0123456789", "ghijklmnop"))
        value = self.template
        for slot, text in zip(SLOTS, (str(int(digest, 16))[:12], digest[:12], letters[:10]), strict=True):
            value = value.replace(slot, text)
        return value


def entries(field: Field, rows: Iterable[Row]) -> tuple[Notorious, ...]:
    """The values of one field, each with an id that begins with the field."""
    prefix = field.replace("_", "-").replace(" ", "-")
    return tuple(Notorious(f"{prefix}.{name}", field, *rest) for name, *rest in rows)
