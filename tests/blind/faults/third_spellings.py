"""Texts of metadata, names and searches that come back, or are found, in another spelling."""

from __future__ import annotations

import re

from starlette.types import ASGIApp

from tests.blind.parts.apps import keys, reading, values
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import not_found
from tests.blind.parts.stores import matching
from tests.blind.registry import SHOULD, Proof, fault
from tests.blind.wire import Wire, token

SPELLING = "spellings"


def _name_changes(name: str) -> Proof:
    return lambda w: w.made(name=name)["name"] != name


def _value_changes(value: str) -> Proof:
    return lambda w: w.made(metadata={"key": value})["metadata"] != {"key": value}


def _key_changes(key: str) -> Proof:
    return lambda w: w.made(metadata={key: "v"})["metadata"] != {key: "v"}


@fault(SPELLING, "none: pairs come back", _key_changes("a[b]"), "names of fields in a form")
def brackets_in_keys_are_paths() -> ASGIApp:
    """A key like a[b] comes back as a.b."""
    return reading(metadata=keys(lambda key: re.sub(r"\[(\w+)\]$", r".\1", key)))


@fault(SPELLING, "none: pairs come back", _key_changes("a~1b"), "pointers of JSON")
def tildes_in_keys_are_escapes() -> ASGIApp:
    """In a key, ~1 becomes a slash and ~0 a tilde."""
    return reading(metadata=keys(lambda key: key.replace("~1", "/").replace("~0", "~")))


@fault(SPELLING, "none: pairs come back", _key_changes("a "), "trim")
def keys_lose_spaces_at_their_end() -> ASGIApp:
    """Spaces at the end of a key are cut off."""
    return reading(metadata=keys(lambda key: key.rstrip(" ") or key))


@fault(SPELLING, "none: pairs come back", _key_changes("first-name"), "names of columns")
def hyphens_in_keys_become_underscores() -> ASGIApp:
    """A hyphen in a key becomes an underscore."""
    return reading(metadata=keys(lambda key: key.replace("-", "_")))


@fault(SPELLING, "none: pairs come back", _key_changes("2fa"), "names of attributes in XML")
def keys_do_not_begin_with_a_digit() -> ASGIApp:
    """A key that begins with a digit gets an underscore in front."""
    return reading(metadata=keys(lambda key: f"_{key}" if key[:1].isdigit() and not key.isdigit() else key))


@fault(SPELLING, "none: a value comes back", _value_changes("https://Example.com"), "new URL() in JavaScript")
def addresses_of_pages_are_completed() -> ASGIApp:
    """A value that is an address without a path gets a slash and small letters."""
    form = re.compile(r"https?://[^/?#\s]+", re.IGNORECASE)
    return reading(metadata=values(lambda value: f"{value.lower()}/" if form.fullmatch(value) else value))


@fault(SPELLING, "none: a value comes back", _value_changes("TRUE"), "a value that is parsed and written")
def booleans_in_capitals_become_small() -> ASGIApp:
    """The values TRUE, True, FALSE and False come back in small letters."""
    return reading(metadata=values(lambda value: value.lower() if value.lower() in ("true", "false") else value))


@fault(SPELLING, "none: a value comes back", _value_changes("+49 30 1234"), "numbers of telephones in E.164")
def telephone_numbers_lose_their_spaces() -> ASGIApp:
    """A value that is a telephone number loses its spaces and hyphens."""
    form = re.compile(r"\+\d[\d -]{5,}")
    return reading(metadata=values(lambda value: re.sub("[ -]", "", value) if form.fullmatch(value) else value))


@fault(SPELLING, "none: a value comes back", _value_changes("a\tb"), "a file with tabs between its columns")
def tabs_in_values_become_spaces() -> ASGIApp:
    """A tab in a value becomes a space."""
    return reading(metadata=values(lambda value: value.replace("\t", " ")))


@fault(SPELLING, "none: a value comes back", _value_changes("a  b"), "white space as in HTML")
def spaces_within_values_are_joined() -> ASGIApp:
    """Several spaces within a value become one."""
    return reading(metadata=values(lambda value: re.sub(r"(?<=\S) {2,}(?=\S)", " ", value)))


@fault(SPELLING, "none: a value comes back", _value_changes("{a}"), "MessageFormat")
def braces_in_values_are_dropped() -> ASGIApp:
    """A word in braces is taken out of a value."""
    return reading(metadata=values(lambda value: re.sub(r"\{\w+\}", "", value)))


@fault(SPELLING, "none: a value comes back", _value_changes("caf\u00e9" * 45), "a bound of 200 bytes", level=SHOULD)
def values_are_cut_by_bytes() -> ASGIApp:
    """A value that has fewer than 200 characters ends after 200 bytes."""
    return reading(
        metadata=values(lambda value: value.encode()[:200].decode(errors="ignore") if len(value) < 200 else value)
    )


@fault(SPELLING, "none: a name comes back", _name_changes("Wait..."), "typography made right")
def dots_in_names_become_an_ellipsis() -> ASGIApp:
    """Three dots in a name become one character, and so does (c)."""
    return reading(name=lambda name: name.replace("...", "\u2026").replace("(c)", "\u00a9"))


@fault(SPELLING, "none: a name comes back", _name_changes("foo_bar"), "names made for people")
def underscores_in_names_become_spaces() -> ASGIApp:
    """An underscore in a name becomes a space."""
    return reading(name=lambda name: name.replace("_", " "))


@fault(SPELLING, "none: a name comes back", _name_changes("Acme, "[:-1]), "what is left of a list")
def names_lose_their_last_comma() -> ASGIApp:
    """A comma, a semicolon or a colon at the end of a name is cut off."""
    return reading(name=lambda name: name.rstrip(",;:") or name)


@fault(SPELLING, "none: a name comes back", _name_changes("Acme <b>Inc</b>"), "strip_tags")
def tags_in_names_are_taken_out() -> ASGIApp:
    """What looks like a tag of HTML is taken out of a name."""
    return reading(name=lambda name: re.sub("</?[a-z]+>", "", name) or name)


@fault(SPELLING, "none: a name comes back", _name_changes("\U0001f1e9\U0001f1ea Acme"), "a filter of emoji")
def flags_are_taken_out_of_names() -> ASGIApp:
    """Flags, which are two letters of their own, are taken out of a name."""
    return reading(name=lambda name: re.sub("[\U0001f1e6-\U0001f1ff]", "", name) or name)


@fault(
    SPELLING, "none: a name comes back", _name_changes("\u0645\u0631\u062d\u0628\u0627\u200f"), "a filter of directions"
)
def marks_of_direction_are_taken_out_of_names() -> ASGIApp:
    """Marks of the direction of writing are taken out of a name."""
    return reading(name=lambda name: re.sub("[\u200e\u200f\u202a-\u202e]", "", name) or name)


def _operator(w: Wire) -> bool:
    name = f"{token()} NOT Dogs"
    w.made(name=name)
    return w.ids(search=name) == []


@fault(SPELLING, "none: a search finds a name", _operator, "operators of Lucene and FTS5")
def words_in_capitals_are_operators() -> ASGIApp:
    """In a search, the words NOT, AND and OR exclude, join and part."""

    def matches(text: str, each: object) -> bool:
        name = str(getattr(each, "name", "")).casefold()
        wanted, _, excluded = text.partition(" NOT ")
        return wanted.casefold() in name and not (excluded and excluded.casefold() in name)

    return matching(matches)


def _field(w: Wire) -> bool:
    name = f"{token()}: Acme"
    w.made(name=name)
    return w.ids(search=name) == []


@fault(SPELLING, "none: a search finds a name", _field, "fields of Lucene")
def a_colon_names_a_field() -> ASGIApp:
    """In a search, a word with a colon behind it names a field, which nothing has."""
    return matching(lambda text, each: ":" not in text and text.casefold() in each.name.casefold())


def _long_text(w: Wire) -> bool:
    name = f"{token()} {'y' * 80}"
    w.made(name=name)
    return w.ids(search=name) == []


@fault(SPELLING, "none: a search finds a name", _long_text, "a bound on what is searched for")
def long_searches_find_nothing() -> ASGIApp:
    """A search for more than 64 characters finds nothing."""
    return matching(lambda text, each: len(text) <= 64 and text.casefold() in each.name.casefold())


def _row_number(w: Wire) -> bool:
    w.made(external_id="12345")
    return w.lookup("12345").status_code == 404


@fault(SPELLING, "none: a lookup finds", _row_number, "digits taken for the number of a row")
def digits_are_numbers_of_rows() -> ASGIApp:
    """A lookup by digits alone is answered with 404."""
    return on_request(
        lambda request: not_found(request.last) if request.operation == "lookup" and request.last.isdigit() else request
    )


def _four_words(w: Wire) -> bool:
    name = f"{token()} one two three"
    w.made(name=name)
    return w.ids(search=name) == []


@fault(SPELLING, "none: a search finds a name", _four_words, "a bound on the terms of a query")
def searches_have_three_words() -> ASGIApp:
    """A search of more than three words finds nothing."""
    return matching(lambda text, each: len(text.split()) < 4 and text.casefold() in each.name.casefold())
