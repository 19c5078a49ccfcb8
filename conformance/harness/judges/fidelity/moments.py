"""Whether two spellings denote one moment."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)")
"""RFC 3339, section 5.6."""

DIGITS = 3
"""Digits of a second that the API serves, and that every date type has."""


def same_moment(served: Any, seen: Any) -> bool:
    """Whether both are one text, or RFC 3339 timestamps of one moment, down to the millisecond."""
    if not isinstance(served, str) or not isinstance(seen, str):
        return False
    return served == seen or (_moment(served) is not None and _moment(served) == _moment(seen))


def _moment(text: str) -> tuple[datetime, str] | None:
    """The second, and the digits after it."""
    parts = DATE_TIME.fullmatch(text)
    if parts is None:
        return None
    date, time, fraction, offset = parts.groups()
    try:
        second = datetime.fromisoformat(f"{date}T{time}{offset.upper().replace('Z', '+00:00')}")
    except ValueError:
        return None
    return second, (fraction or "")[:DIGITS].ljust(DIGITS, "0")
