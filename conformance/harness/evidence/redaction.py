"""Takes the secrets of a run out of whatever is written for people, in every form in which a target may echo them.

The rule, for a secret of eight characters or more: a run of at least eight characters from its
beginning, or of at least twelve from anywhere in it, becomes the placeholder, whatever stands
around it. Characters count in either case, percent-encoded, as JSON, Python or HTML escape them,
and as base64 shows them at each of its three alignments. So a secret that was cut off, masked at
its end or put under Basic is taken out as well, and a word that merely begins like it stays.

A shorter secret, such as `dev` or `key`, is a word that a report is full of. It is taken out only
where it stands as a credential: as the whole of a text, after `Bearer` or `Basic` (there in
base64, too), or as a whole value in quotes, where the name of a JSON field is none.

Judges see what came over the wire. This blurs what is shown, and no judgement.
"""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from conformance.harness.wire.exchange import PLACEHOLDER

T = TypeVar("T")
Span = tuple[int, int]

REDACTED = "[redacted]"
"""What stands in the place of secrets other than the key."""
SHORTEST = 8
"""Characters of a secret that is taken out wherever it stands, and of the beginning of one."""
SHORTEST_INSIDE = 12
"""Characters that are taken out although they are not the beginning."""
SHORT_TEXT = 200
"""Characters up to which a text is likely to come again."""
BITS_OF_A_SIGN = 6
"""That one character of base64 stands for."""

LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
ESCAPE = re.compile(
    r"""
    \\+(?:u00|x)([0-9a-fA-F]{2})      # JSON, Python
    | \\+(["'/])
    | %(?:25)*([0-9a-fA-F]{2})         # percent-encoded, also more than once
    | &\#[xX]0*([0-9a-fA-F]{2});       # HTML
    | &\#0*([0-9]{2,3});
    """,
    re.VERBOSE,
)


class Redactor:
    """Takes secrets out of texts."""

    def __init__(self, api_key: str | None, others: Iterable[str] = ()) -> None:
        secrets = [(api_key, PLACEHOLDER), *((other, REDACTED) for other in others)]
        self._secrets = [_Secret(secret, placeholder) for secret, placeholder in secrets if secret]
        # Each test has three reports, which mostly say the same.
        self._short_text = functools.lru_cache(self._text)

    def text(self, text: str) -> str:
        """The text without the secrets."""
        return self._short_text(text) if len(text) < SHORT_TEXT else self._text(text)

    def _text(self, text: str) -> str:
        for secret in self._secrets:
            text = secret.taken_out_of(text)
        return text

    def bytes(self, content: bytes) -> bytes:
        """The bytes without the secrets; what is no UTF-8 stays as it is."""
        return self.text(content.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def values(self, value: T) -> T:
        """JSON values without the secrets, names of fields included."""
        return self._values(value)  # type: ignore[no-any-return]

    def _values(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self._values(name): self._values(inner) for name, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self._values(inner) for inner in value)
        return value


def secrets_in(base_url: str) -> list[str]:
    """The password of a base URL, and user and password as Basic joins them."""
    address = urlsplit(base_url)
    if not address.password:
        return []
    password = unquote(address.password)
    return [f"{unquote(address.username or '')}:{password}", password]


def credential_in(header: str) -> str:
    """The secret part of a header's value: what follows the scheme, where there is one."""
    scheme, _, rest = header.strip().partition(" ")
    return rest.strip() if rest and scheme.isalpha() else header.strip()


class _Secret:
    """One secret in all its forms."""

    def __init__(self, secret: str, placeholder: str) -> None:
        self._placeholder = placeholder
        self._plain = secret.translate(LOWER)
        self._short = _as_credential(secret) if len(secret) < SHORTEST else None
        self._encoded = [] if self._short else sorted(_in_base64(secret))

    def taken_out_of(self, text: str) -> str:
        if not text or text == self._placeholder:
            return text
        readable, places = _unescaped(text)
        spans = [(places[start], places[end]) for start, end in self._spans(readable)]
        if readable != text:  # the secret may itself look like an escape
            spans += self._spans(text)
        return _replaced(text, spans, self._placeholder)

    def _spans(self, text: str) -> Iterator[Span]:
        return self._credentials(text) if self._short else self._runs(text)

    def _credentials(self, text: str) -> Iterator[Span]:
        assert self._short is not None
        if text.strip().translate(LOWER) == self._plain:
            yield 0, len(text)
        for match in self._short.finditer(text):
            yield match.span(match.lastgroup or 0)

    def _runs(self, text: str) -> Iterator[Span]:
        yield from _runs(self._plain, text.translate(LOWER), SHORTEST)
        for encoded in self._encoded:
            yield from _runs(encoded, text, min(len(encoded), SHORTEST_INSIDE - 1))


def _runs(secret: str, text: str, shortest: int) -> Iterator[Span]:
    """Where the text holds enough consecutive characters of the secret."""
    for first in range(max(1, len(secret) - SHORTEST_INSIDE + 1)):
        rest = secret[first:]
        start = rest[: shortest if first == 0 else SHORTEST_INSIDE]
        place = text.find(start)
        while place >= 0:
            yield place, place + _length_shared(rest, text[place : place + len(rest)])
            place = text.find(start, place + 1)


def _length_shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = zip(one, other, strict=False)
    return next((index for index, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _in_base64(secret: str) -> set[str]:
    """The characters that base64, in either alphabet, has of the secret alone, at each alignment."""
    found = set()
    for shift in range(3):
        content = bytes(shift) + secret.encode()
        first, end = -(-8 * shift // BITS_OF_A_SIGN), 8 * len(content) // BITS_OF_A_SIGN
        found |= {encode(content).decode()[first:end] for encode in (base64.b64encode, base64.urlsafe_b64encode)}
    return found


def _as_credential(secret: str) -> re.Pattern[str]:
    """Finds a short secret where it stands as a credential; the last named group is where it stands."""
    plain = re.escape(secret)
    encoded = "|".join(re.escape(base64.b64encode(form.encode()).decode()) for form in (f"{secret}:", secret))
    return re.compile(
        rf"""(?i:bearer)\s+(?P<bearer>(?i:{plain})|{encoded})(?![\w+/-])"""
        rf"""|(?i:basic)\s+(?P<basic>{encoded}|(?i:{plain}))(?![\w+/-])"""
        rf"""|(?P<quote>["'`])(?P<quoted>(?i:{plain}))(?=(?P=quote))(?!.\s*:)"""
    )


def _unescaped(text: str) -> tuple[str, range | list[int]]:
    """The text with its escapes resolved, and for each of its characters, and its end, the place in the text."""
    if not ESCAPE.search(text):
        return text, range(len(text) + 1)
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for match in ESCAPE.finditer(text):
        parts += [text[done : match.start()], _meant(match)]
        places += [*range(done, match.start()), match.start()]
        done = match.end()
    parts.append(text[done:])
    places += range(done, len(text) + 1)
    return "".join(parts), places


def _meant(match: re.Match[str]) -> str:
    """The one character that an escape stands for."""
    by_slash, itself, by_percent, by_hex, by_number = match.groups()
    code = by_slash or by_percent or by_hex
    return itself or chr(int(code, 16) if code else int(by_number))


def _replaced(text: str, spans: Iterable[Span], placeholder: str) -> str:
    """The text with the placeholder for each of the spans; those that touch become one."""
    done = 0
    parts: list[str] = []
    for start, end in sorted(spans):
        if start > done or not parts:
            parts += [text[done:start], placeholder]
        done = max(done, end)
    return "".join(parts) + text[done:]
