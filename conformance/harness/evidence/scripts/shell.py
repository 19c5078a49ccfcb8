"""Texts of a run as words of a shell script, in which variables stand for what is new each time."""

from __future__ import annotations

import re
import shlex

PLACEHOLDERS = re.compile(r"(\$WORKOS_API_KEY|\$HEADER_\d+)")
"""What stands in the place of secrets: the names of variables that the user of a shell has set."""


WRONG_KEYS = {
    "Bearer <the last character changed>": '"${WORKOS_API_KEY%?}~"',
    "Bearer <the last character missing>": '"${WORKOS_API_KEY%?}"',
    "Bearer <one character more>": '"${WORKOS_API_KEY}0"',
    "Bearer <the other case>": '"$(printf %s "$WORKOS_API_KEY" | tr a-zA-Z A-Za-z)"',
}
"""By what stands for them, keys that are nearly the right one."""


class Substitutions:
    """The variables of a script: its token, the key, and the ids of what it creates."""

    def __init__(self, token: str) -> None:
        self.token = token
        """Of the run; a script has one of its own in its place."""
        self._variables = {token: "token", token.upper(): "upper_token"} if token else {}
        self._captured = 0

    def captured(self, identifier: str) -> str:
        """The variable that holds an id from now on; a target may give the same one to several organizations."""
        self._captured += 1
        name = f"id{self._captured}"
        self._variables.setdefault(identifier, name)
        return name

    def kept(self, value: str) -> str:
        """The variable that holds another text of a response from now on, always the same one."""
        known = [name for name in self._variables.values() if name.startswith("kept")]
        return self._variables.setdefault(value, f"kept{len(known) + 1}")

    def parts(self, text: str) -> list[tuple[str, bool]]:
        """The text in parts: literal ones, and names of variables, for which the second value is true."""
        known = [re.escape(known) for known in sorted(self._variables, key=len, reverse=True)]
        pieces = re.split("|".join([PLACEHOLDERS.pattern, *(f"({text})" for text in known)]), text)
        return [self._part(piece) for piece in pieces if piece]

    def _part(self, piece: str) -> tuple[str, bool]:
        if PLACEHOLDERS.fullmatch(piece):
            return piece[1:], True
        return self._variables.get(piece, piece), piece in self._variables

    def printed(self, body: bytes) -> str:
        """The bytes as format and arguments of printf."""
        shown, arguments = "", []
        for part, is_variable in self.parts(body.decode("utf-8", "surrogateescape")):
            if is_variable:
                shown += "%s"
                arguments.append(f'"${part}"')
            else:
                shown += "".join(map(_printable, part.encode("utf-8", "surrogateescape")))
        return " ".join([f"'{shown}'", *arguments])


def words(text: str, substitutions: Substitutions) -> str:
    """The text as one word of a shell."""
    parts = substitutions.parts(text)
    if not parts:
        return "''"
    return "".join(f'"${part}"' if is_variable else shlex.quote(part) for part, is_variable in parts)


def _printable(byte: int) -> str:
    """A byte in the format of printf, within single quotes."""
    char = chr(byte)
    return char if char.isascii() and char.isprintable() and char not in "%\\'" else f"\\{byte:03o}"
