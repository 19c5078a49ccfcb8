"""What of a name the index of searches holds, and which of it finds a given text fastest.

A text that is searched for may begin anywhere in a name. So the index holds every part of a name of
`LENGTHS` characters, and a search asks for the longest parts that the text has. What has the part
need not have the text: the index proposes, a look at the name decides.

SQLite's own trigram tokenizer would not do: it knows no text of one or two letters, ends at U+0000,
and asks for all trigrams of a text at once, which costs milliseconds where most names have most of them.
"""

from __future__ import annotations

LENGTHS = (1, 2, 3, 5)
"""Characters of the parts. With five, digits alone tell a hundred thousand names apart."""
LONGEST_INDEXED = 1000
"""Characters of a name. Longer ones are few, and where there are any, each search looks at them."""
MOST_QUERIES = 20
"""Of a long text, so many parts are looked at to find one that is rare."""
LONG = "long"
"""Stands in the index for a name that is not split; no part looks like this."""


def fold(text: str) -> str:
    """The form of a text in which capital and small letters are the same."""
    return text.casefold()


def terms(folded: str) -> str:
    """All parts of a folded name as the index wants them: words of ASCII, one space between."""
    if len(folded) > LONGEST_INDEXED:
        return LONG
    parts = {folded[start : start + length] for length in LENGTHS for start in range(len(folded) - length + 1)}
    return " ".join(map(_term, parts))


def queries(folded: str, *, long_names: bool) -> list[str]:
    """Expressions of FTS5, each of which proposes every name that has the text; the end of the text comes first.

    An end is what tells names like `Customer 4711` apart.
    """
    if len(folded) > LONGEST_INDEXED:
        return [LONG]
    length = max((length for length in LENGTHS if length <= len(folded)), default=0)
    ends = range(len(folded), 0, -length) if length else ()
    parts = dict.fromkeys(folded[max(end, length) - length : max(end, length)] for end in ends)
    others = f' OR "{LONG}"' if long_names else ""
    return [f'"{_term(part)}"{others}' for part in [*parts][:MOST_QUERIES]]


def _term(part: str) -> str:
    """A part as a word in which every character stands for itself; no two parts share one."""
    return part.encode().hex()
