"""Texts that a careless layer reads as something else: numbers, dates, literals, markup."""

from __future__ import annotations

import html
import re
import uuid

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
UUID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NOTHING = ("null", "NULL", "None", "nil", "undefined")


def as_integer(text: str) -> str:
    """Digits without their leading zeros."""
    return str(int(text)) if text.isascii() and text.isdigit() else text


def as_double(text: str) -> str:
    """Digits as precise as a floating-point number of 64 bits, where that does not hold them."""
    return str(int(float(text))) if text.isascii() and text.isdigit() and len(text) > 15 else text


def as_number(text: str) -> str:
    """A number in its shortest form: 1.10 as 1.1, 1e3 as 1000, +5 as 5."""
    return f"{float(text):.15g}" if NUMBER.fullmatch(text) else text


def as_hexadecimal(text: str) -> str:
    """0x1F as 31."""
    return str(int(text, 16)) if re.fullmatch("0[xX][0-9a-fA-F]+", text) else text


def as_moment(text: str) -> str:
    """A date as the moment in which it begins."""
    return f"{text}T00:00:00.000Z" if DATE.fullmatch(text) else text


def as_local_date(text: str) -> str:
    """A date as it is written in the United States."""
    year, month, day = text.split("-") if DATE.fullmatch(text) else ("", "", "")
    return f"{month}/{day}/{year}" if year else text


def as_uuid(text: str) -> str:
    """A UUID in its canonical form: small letters, with dashes."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return text


def as_boolean(text: str) -> str:
    """true and false as one language writes them."""
    return text.capitalize() if text in ("true", "false") else text


def is_falsy(text: str) -> bool:
    """Whether a language with weak types takes the text for false."""
    return text in ("", "0", "false")


def is_nothing(text: str) -> bool:
    """Whether some language calls nothing by this word."""
    return text in NOTHING


def without_tags(text: str) -> str:
    """A text without what looks like a tag of HTML."""
    return re.sub("<[^>]*>", "", text)


def without_backslashes(text: str) -> str:
    """A text from which one level of escapes is taken."""
    return re.sub(r"\\(.)", r"\1", text)


def with_entities(text: str) -> str:
    """A text escaped for HTML."""
    return html.escape(text)


def in_one_line(text: str) -> str:
    """A text whose line breaks are spaces."""
    return re.sub(r"\r\n|\r|\n", " ", text)


def single_spaced(text: str) -> str:
    """A text in which no two spaces follow one another."""
    return re.sub(" {2,}", " ", text)


def camel_case(text: str) -> str:
    """snake_case as snakeCase."""
    return re.sub("(?<=[a-z0-9])_([a-z0-9])", lambda found: found[1].upper(), text)


def snake_case(text: str) -> str:
    """camelCase as camel_case."""
    return re.sub("(?<=[a-z0-9])([A-Z])", lambda found: f"_{found[1].lower()}", text)
