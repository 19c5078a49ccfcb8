"""Searches in which a character does not stand for itself."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from fnmatch import fnmatch
from urllib.parse import unquote

from emulator.validation import Listing
from tests.mutants.parts.failures import Failure, fail_when
from tests.mutants.parts.listing import asking, searching
from tests.mutants.planting import plant


def expression(name: str, search: str) -> object:
    """Whether a regular expression matches; a broken one makes the server fail."""
    try:
        return re.search(search, name, re.IGNORECASE)
    except re.error:
        raise Failure("Internal error") from None


def lenient_expression(name: str, search: str) -> object:
    """Whether a regular expression matches; a broken one matches nothing."""
    try:
        return re.search(search, name, re.IGNORECASE)
    except re.error:
        return None


def wildcards(sign: str, stands_for: str) -> Callable[[str, str], object]:
    """Whether a search matches in which a sign stands for something else."""
    return lambda name, search: re.search(
        stands_for.join(map(re.escape, search.casefold().split(sign))), name.casefold(), re.DOTALL
    )


def any_alternative(name: str, search: str) -> bool:
    """Whether one of the texts between bars is in the name."""
    return any(text.casefold() in name.casefold() for text in search.split("|"))


def without_excluded(name: str, search: str) -> bool:
    """Whether the words of a search are in the name, and those behind a minus are not."""
    words = search.casefold().split(" ")
    return all((word[1:] not in name.casefold()) if word[:1] == "-" else word in name.casefold() for word in words)


def searched_as(change: Callable[[str], str]) -> Callable[[Listing], Listing]:
    """Searches for something else."""
    return lambda listing: dataclasses.replace(listing, search=change(listing.search))


def failing_on(sign: str) -> Callable[[Listing], Listing]:
    """Fails where a sign is in the search."""

    def check(listing: Listing) -> Listing:
        fail_when(sign in listing.search)
        return listing

    return check


# fmt: off
plant("search-is-a-regular-expression", "list.search-special-characters",
      "A search is a regular expression, and an open bracket makes the server fail.",
      searching(expression))
plant("search-is-a-lenient-expression", "list.search-special-characters",
      "A search is a regular expression; a broken one finds nothing.",
      searching(lenient_expression))
plant("search-percent-is-a-wildcard", "list.search-special-characters", "% in a search stands for any text.",
      searching(wildcards("%", ".*")))
plant("search-underscore-is-a-wildcard", "list.search-special-characters", "_ in a search stands for any character.",
      searching(wildcards("_", ".")))
plant("search-star-is-a-wildcard", "list.search-special-characters", "* in a search stands for any text.",
      searching(wildcards("*", ".*")))
plant("search-dot-is-a-wildcard", "list.search-special-characters", "A dot in a search stands for any character.",
      searching(wildcards(".", ".")))
plant("search-is-a-pattern-of-files", "list.search-special-characters", "*, ? and brackets in a search are wildcards.",
      searching(lambda name, search: fnmatch(name.casefold(), f"*{search.casefold()}*")))
plant("search-bar-separates", "list.search-special-characters", "A bar in a search separates alternatives.",
      searching(any_alternative))
plant("search-minus-excludes", "list.search-special-characters", "A minus before a word in a search excludes it.",
      searching(without_excluded))
plant("search-quotes-stripped", "list.search-special-characters", "Quotation marks are taken out of a search.",
      asking(searched_as(lambda search: search.replace(chr(34), ""))))
plant("search-backslash-lost", "list.search-special-characters", "Backslashes are taken out of a search.",
      asking(searched_as(lambda search: search.replace("\\", ""))))
plant("search-signs-dropped", "list.search-special-characters", "Signs are taken out of a search.",
      asking(searched_as(lambda search: re.sub("[^\\w ]", "", search))))
plant("search-plus-is-space", "list.search-special-characters", "An encoded plus in a search is a space.",
      asking(searched_as(lambda search: search.replace("+", " "))))
plant("search-decoded-twice", "list.search-special-characters",
      "A search is decoded twice.",
      asking(searched_as(unquote)))
plant("search-field-before-colon", "list.search-special-characters", "What stands before a colon names a field.",
      asking(searched_as(lambda search: search.rpartition(":")[2])))
plant("search-hash-ends-it", "list.search-special-characters", "A search ends at a number sign.",
      asking(searched_as(lambda search: search.partition("#")[0])))
plant("search-quote-fails", "list.search-special-characters", "A single quote in a search makes the server fail.",
      asking(failing_on("'")))
plant("search-bracket-fails", "list.search-special-characters", "An open bracket in a search makes the server fail.",
      asking(failing_on("[")))
plant("search-backslash-fails", "list.search-special-characters", "A backslash in a search makes the server fail.",
      asking(failing_on("\\")))
# fmt: on
