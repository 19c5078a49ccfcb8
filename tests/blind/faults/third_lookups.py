"""Paths of lookups that are read wrongly in one case only."""

from __future__ import annotations

import re

from starlette.types import ASGIApp

from tests.blind.faults.third_external_ids import EXTERNAL_IDS, unfound
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import bad_request, not_found, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire


def _pathed(pattern: str, replacement: str) -> ASGIApp:
    """An app in whose lookups the path is read otherwise, by a regular expression."""
    return on_request(
        lambda request: (
            request.replaced(path=re.sub(pattern, replacement, request.path))
            if request.operation == "lookup"
            else request
        )
    )


@fault(EXTERNAL_IDS, "none: a lookup finds", unfound("report.json"), "routes with a format in Rails")
def an_ending_is_a_format() -> ASGIApp:
    """A lookup takes .json, .xml and .html at the end for a format."""
    return _pathed(r"\.(json|xml|html)$", "")


@fault(EXTERNAL_IDS, "none: a lookup finds", unfound("new"), "routes of resources in Rails")
def new_and_edit_are_pages() -> ASGIApp:
    """A lookup of `new` or `edit` is answered with 404."""
    return on_request(
        lambda request: (
            not_found(request.last) if request.operation == "lookup" and request.last in {"new", "edit"} else request
        )
    )


@fault(EXTERNAL_IDS, "none: a lookup finds", unfound("a;b=c"), "path parameters in Spring")
def a_semicolon_ends_the_path() -> ASGIApp:
    """A lookup reads up to a semicolon, even an encoded one."""
    return _pathed("(;|%3[Bb]).*", "")


@fault(EXTERNAL_IDS, "none: a lookup finds", unfound("a//b"), "merge_slashes in nginx")
def two_slashes_become_one() -> ASGIApp:
    """A lookup reads several encoded slashes as one."""
    return _pathed("(%2[Ff])+", "%2F")


@fault(EXTERNAL_IDS, "none: a lookup finds", unfound("a\\b"), "IIS")
def a_backslash_is_a_slash() -> ASGIApp:
    """A lookup reads a backslash as a slash."""
    return _pathed("%5[Cc]", "%2F")


@fault(EXTERNAL_IDS, "none: a lookup finds", unfound("/?" * 30), "a bound on a segment of a path")
def long_segments_are_too_long() -> ASGIApp:
    """A lookup by more than 150 characters, counted as they are encoded, is answered with 414."""
    return on_request(
        lambda request: (
            reply(414, {"message": "URI Too Long"})
            if request.operation == "lookup" and len(request.last) > 150
            else request
        )
    )


def _small_letters(w: Wire) -> bool:
    w.made(external_id="a/b")
    return w.http.get("/organizations/external_id/a%2fb").status_code == 404


@fault(EXTERNAL_IDS, "none: a lookup finds", _small_letters, "a decoder written by hand")
def encodings_in_small_letters_stand_for_themselves() -> ASGIApp:
    """A lookup does not decode %2f, only %2F."""
    return _pathed("%(?=[0-9]?[a-f][0-9a-f]?)", "%25")


def _encoded_letter(w: Wire) -> bool:
    w.made(external_id="abc")
    return w.http.get("/organizations/external_id/%61bc").status_code == 404


@fault(EXTERNAL_IDS, "none: a lookup finds", _encoded_letter, "a router that compares before it decodes")
def encoded_letters_stand_for_themselves() -> ASGIApp:
    """A lookup does not decode what need not have been encoded: letters and digits."""
    return _pathed("%(?=3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa])", "%25")


@fault(EXTERNAL_IDS, "none: a lookup finds", unfound("a\tb"), "servers that refuse control characters in paths")
def control_characters_are_not_looked_up() -> ASGIApp:
    """A lookup with a control character is answered with 400, although a create takes it."""
    return on_request(
        lambda request: (
            bad_request("invalid_path")
            if request.operation == "lookup" and re.search("%[01][0-9A-Fa-f]|%7[Ff]", request.path)
            else request
        )
    )


@fault(EXTERNAL_IDS, "none: a lookup finds", unfound("urn:x:1*"), "requestPathInvalidCharacters in ASP.NET")
def dangerous_paths_are_refused() -> ASGIApp:
    """A lookup with an asterisk or with < or > is answered with 400."""
    return on_request(
        lambda request: (
            bad_request("dangerous_path")
            if request.operation == "lookup" and re.search(r"\*|%2A|%3[CE]", request.path.upper())
            else request
        )
    )
