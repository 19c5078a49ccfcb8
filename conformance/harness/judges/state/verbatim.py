"""Which requirement a value breaks that does not come back as it was sent.

An ordinary value that is lost breaks what its operation promises. A notorious one has a requirement of
its own, so that a fault of one kind is one finding, whichever call shows it.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from strategies.notorious import HOST_NAMES, PAIRS, Field, Notorious, notorious
from strategies.notorious.entry import SLOTS

LONG_NAME = 200
"""Characters from which on a name that is lost was probably cut."""

PLAIN = re.compile(r"[A-Za-z][\w-]*( [A-Za-z][\w-]*)*", re.ASCII)

LAST_OF_BASIC_PLANE = "\uffff"
MUCH = 4000
"""Characters of metadata from which on a pair is lost because of how much there is."""


def of_name(name: object) -> str | None:
    """The requirement of a notorious name, None for an ordinary one."""
    if not isinstance(name, str):
        return None
    if len(name) >= LONG_NAME:
        return "body.name-long"
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name.strip()):
        return "body.name-control-characters"
    if name != name.strip():
        return "body.name-padding"
    if not unicodedata.is_normalized("NFC", name):
        return "body.name-not-nfc"
    known = _recognized(Field.NAME, name)
    if known is None and max(name, default="") <= LAST_OF_BASIC_PLANE:
        return None
    return "body.name-verbatim" if name.isascii() else "body.name-nfc"


def of_external_id(external_id: object) -> str | None:
    """The requirement of a notorious external_id, None for an ordinary one."""
    known = _recognized(Field.EXTERNAL_ID, external_id)
    return "body.external-id-verbatim" if known else None


def of_metadata(expected: object, seen: object) -> str | None:
    """The requirement of the first pair that is lost, None where it is an ordinary one."""
    if not isinstance(expected, Mapping):
        return None
    shown = seen if isinstance(seen, Mapping) else {}
    for key, value in expected.items():
        if shown.get(key) == value:
            continue
        if key not in shown and sum(map(len, expected)) + sum(map(_length, expected.values())) >= MUCH:
            return "body.ten-full-pairs" if len(expected) <= PAIRS else "body.fifty-full-pairs"
        if key not in shown and _recognized(Field.METADATA_KEY, key):
            return "body.metadata-keys-verbatim"
        if _recognized(Field.METADATA_VALUE, value) or (key in shown and not _is_plain(value)):
            return "body.metadata-values-verbatim"
        if key not in shown and not _is_plain(key):
            return "body.metadata-keys-verbatim"
    return None


def _is_plain(text: object) -> bool:
    """Whether it is made of words, which nothing changes that minds how a text is written."""
    return isinstance(text, str) and PLAIN.fullmatch(text) is not None


def of_domains(expected: Iterable[str], seen: Iterable[str]) -> str | None:
    """The requirement of a notorious domain that is not shown as it was sent, None where all of them are."""
    changed = set(expected) - set(seen)
    is_notorious = any(pattern.fullmatch(domain) for pattern in _host_names() for domain in changed)
    return "body.domain-names-verbatim" if is_notorious else None


def _length(value: object) -> int:
    return len(value) if isinstance(value, str) else 0


def requirement_of(field: str, expected: Any, seen: Any) -> str | None:
    """The requirement of a field that is not as it was sent, None where the value is an ordinary one."""
    if field == "name":
        return of_name(expected)
    if field == "external_id":
        return of_external_id(expected)
    if field == "domains":
        return of_domains(expected, seen)
    return of_metadata(expected, seen) if field == "metadata" else None


def _recognized(field: Field, value: object) -> Notorious | None:
    if not isinstance(value, str):
        return None
    return next((entry for pattern, entry in _patterns(field) if pattern.fullmatch(value)), None)


@functools.cache
def _host_names() -> list[re.Pattern[str]]:
    return [_pattern(entry.template) for entry in HOST_NAMES]


@functools.cache
def _patterns(field: Field) -> list[tuple[re.Pattern[str], Notorious]]:
    return [(_pattern(entry.template), entry) for entry in notorious(field)]


def _pattern(template: str) -> re.Pattern[str]:
    text = re.escape(template)
    for slot in SLOTS:
        text = text.replace(re.escape(slot), r"\w+")
    return re.compile(text, re.DOTALL)
