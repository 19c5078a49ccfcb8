"""Texts that come back a little different."""

from __future__ import annotations

import html
import re

from starlette.types import ASGIApp

from tests.blind.parts.apps import reading, values
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import crash
from tests.blind.registry import Proof, fault

TEXT = "texts"


def _name_changes(name: str) -> Proof:
    return lambda w: w.made(name=name)["name"] != name


def _value_changes(value: str) -> Proof:
    return lambda w: w.made(metadata={"key": value})["metadata"] != {"key": value}


def _external_id_changes(external_id: str) -> Proof:
    return lambda w: w.made(external_id=external_id)["external_id"] != external_id


@fault(TEXT, "none: no crash", lambda w: w.create(name="100%s sure").status_code == 500, "a name in a format string")
def names_with_a_format_crash() -> ASGIApp:
    """A name with %s, %d or {0} is answered with 500."""
    form = re.compile(rb'"name"\s*:\s*"[^"]*(%[sd]|\{\d\})')
    return on_request(lambda request: crash() if request.writes and form.search(request.body) else request)


@fault(TEXT, "none: a name comes back", _name_changes("AT&amp;T"), "entities decoded, as for a form of HTML")
def entities_in_names_are_decoded() -> ASGIApp:
    """Entities of HTML in a name are decoded."""
    return reading(name=html.unescape)


@fault(TEXT, "none: a value comes back", _value_changes("Bob@Example.com"), "addresses put into one form")
def addresses_in_values_are_put_into_small_letters() -> ASGIApp:
    """A value of metadata that is an e-mail address comes back in small letters."""
    form = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
    return reading(metadata=values(lambda value: value.lower() if form.fullmatch(value) else value))


@fault(TEXT, "none: a value comes back", _value_changes("a\n"), "chomp")
def the_last_line_end_of_a_value_goes() -> ASGIApp:
    """A line end at the end of a value is cut off."""
    return reading(metadata=values(lambda value: value.removesuffix("\n")))


@fault(TEXT, "none: a value comes back", _value_changes("1.50"), "a column of any type that finds a number")
def decimals_in_values_are_shortened() -> ASGIApp:
    """A value that is a decimal number loses the zeros at its end."""
    form = re.compile(r"\d+\.\d*0+")
    return reading(metadata=values(lambda value: value.rstrip("0").rstrip(".") if form.fullmatch(value) else value))


@fault(TEXT, "none: a name comes back", _name_changes("Acme Inc."), "names put into one form for comparison")
def names_lose_their_last_dot() -> ASGIApp:
    """A dot at the end of a name is cut off."""
    return reading(name=lambda name: name[:-1] if name.endswith(".") and len(name) > 1 else name)


@fault(TEXT, "none: a name comes back", _name_changes("Acme  Inc"), "white space as in HTML")
def spaces_within_names_are_joined() -> ASGIApp:
    """Several spaces within a name become one."""
    return reading(name=lambda name: re.sub(r"(?<=\S) {2,}(?=\S)", " ", name))


@fault(TEXT, "none: a name comes back", _name_changes("O\u2019Neil"), "quotes as on a typewriter")
def curly_quotes_in_names_become_straight() -> ASGIApp:
    """Typographic quotes and dashes in a name become those of ASCII."""
    return reading(name=lambda name: name.translate(str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014", "''\"\"--")))


@fault(TEXT, "none: a name comes back", _name_changes("acme"), "names made pretty")
def names_begin_with_a_capital() -> ASGIApp:
    """The first letter of a name is made a capital."""
    return reading(name=lambda name: name[:1].upper() + name[1:])


@fault(TEXT, "none: a name comes back", _name_changes("a\u00a0b"), "str.split in Python, \\s in JavaScript")
def other_spaces_in_names_become_spaces() -> ASGIApp:
    """A space that does not break, and others of Unicode, come back as plain spaces."""
    return reading(name=lambda name: re.sub("[\u00a0\u2000-\u200a\u202f\u3000]", " ", name))


@fault(TEXT, "none: a value comes back", _value_changes("a\\nb"), "stripcslashes")
def escapes_in_values_are_read() -> ASGIApp:
    """A backslash and an n in a value become a line end."""
    return reading(metadata=values(lambda value: value.replace("\\n", "\n").replace("\\t", "\t")))


@fault(TEXT, "none: a value comes back", _value_changes('"quoted"'), "values as in a file of CSV or of settings")
def quotes_around_values_go() -> ASGIApp:
    """Quotes around a value are taken off."""
    return reading(metadata=values(lambda value: value[1:-1] if re.fullmatch('"[^"]+"', value) else value))


@fault(TEXT, "none: an external_id comes back", _external_id_changes("user@x.com"), "addresses made safe for a path")
def signs_in_external_ids_are_encoded() -> ASGIApp:
    """An external_id with an at sign comes back with %40."""
    return reading(external_id=lambda text: text.replace("@", "%40"))


@fault(TEXT, "none: an external_id comes back", _external_id_changes("007"), "a column of any type that finds a number")
def zeros_in_front_of_external_ids_go() -> ASGIApp:
    """An external_id of digits loses the zeros in front."""
    return reading(external_id=lambda text: text.lstrip("0") or "0" if text.isdigit() else text)


@fault(TEXT, "none: an external_id comes back", _external_id_changes("a\u007fb"), "a filter of control characters")
def external_ids_lose_delete() -> ASGIApp:
    """The character U+007F is taken out of an external_id."""
    return reading(external_id=lambda text: text.replace("\u007f", "") or text)


@fault(TEXT, "none: an external_id comes back", _external_id_changes("x" * 40 + " "), "trim")
def external_ids_lose_spaces_at_their_end() -> ASGIApp:
    """Spaces at the end of an external_id are cut off."""
    return reading(external_id=lambda text: text.rstrip(" ") or text)
