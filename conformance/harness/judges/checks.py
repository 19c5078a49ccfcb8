"""What must hold of one response, so plain that a shell script can tell: its status, a header, a piece of JSON."""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from conformance.harness.judges.places import ITEMS, is_later, values_in
from conformance.harness.wire.exchange import Exchange, Response

OF_AN_ORGANIZATION = '"object":"organization"'
"""What stands once in each organization of a list."""
NO_RESPONSE = "000"
"""What curl says in the place of a status when none came."""


class Kind(enum.Enum):
    """What is looked at."""

    STATUS = "status"
    HEADER = "header"
    HEADER_VALUE = "header value"
    BEGINS = "begins"
    HAS = "has"
    LACKS = "lacks"
    LACKS_FORM = "lacks form"
    ORDER = "order"
    AT_MOST = "at most"
    FIELD_IS = "field is"
    EACH_HAS = "each has"
    ALL_DIFFER = "all differ"
    LATER = "later"
    SUCCESSES = "successes"


@dataclass(frozen=True)
class Check:
    """One thing that must hold."""

    kind: Kind
    texts: tuple[str, ...]
    """What is expected, by the kind: patterns of the status, such as ``4??``; the name of a header, or its name and
    how its value begins; how the body begins; a piece of compact JSON, in each of its forms, or with ``[0-9]`` for each
    digit; pieces that stand in this order; how many organizations there may be.

    The first text of kinds that speak of a place is this place (see `values_in`). Behind it are the value that is
    there, in each of its forms; a field of each object there; nothing where all values differ; the JSON text of a time
    that the one there is later than.

    Of requests at the same time: how many may succeed.

    Any one of several forms will do; of what the response must lack, none may be there.
    """

    def holds(self, exchange: Exchange) -> bool:
        """Whether it holds of the response of an exchange."""
        response = exchange.response
        if self.kind is Kind.SUCCESSES:
            return False  # which is why it is there
        if self.kind is Kind.FIELD_IS and self.texts[0].startswith(ITEMS) and exchange.operation != "list":
            return True
        if self.kind is Kind.STATUS:
            status = str(response.status) if response else NO_RESPONSE
            return any(fnmatchcase(status, pattern) for pattern in self.texts)
        return response is not None and self._holds(response)

    def _holds(self, response: Response) -> bool:
        if self.kind is Kind.HEADER:
            return any(name in response.headers for name in self.texts)
        if self.kind is Kind.HEADER_VALUE:
            return response.headers.get(self.texts[0], "").lower().startswith(self.texts[1])
        if self.kind in IN_PLACE:
            return self._holds_in_place(response.object)
        return self._holds_in(compact(response.body.decode("utf-8", "replace")))

    def holds_of(self, item: Any) -> bool:
        """Whether it holds of one organization of a list, as far as it speaks of one."""
        if self.kind in IN_PLACE:
            return self._holds_in_place(item, self.texts[0].removeprefix(ITEMS))
        return self._holds_in(compact(json.dumps(item, ensure_ascii=False)))

    def _holds_in(self, body: str) -> bool:
        """Whether it holds of compact JSON, as far as it speaks of that."""
        if self.kind is Kind.BEGINS:
            return body.lstrip().startswith(self.texts)
        if self.kind is Kind.ORDER:
            places = [body.find(text) for text in self.texts]
            return min(places) >= 0 and places == sorted(places)
        if self.kind is Kind.AT_MOST:
            return body.count(OF_AN_ORGANIZATION) <= int(self.texts[0])
        if self.kind is Kind.LACKS_FORM:
            return not fnmatchcase(body, f"*{self.texts[0]}*")
        return any(text in body for text in self.texts) is (self.kind is Kind.HAS)

    def _holds_in_place(self, body: Any, place: str | None = None) -> bool:
        """The same for what it expects in a place of the body, its own or this one."""
        found = list(values_in(body, self.texts[0] if place is None else place))
        texts = self.texts[1:]
        if self.kind is Kind.FIELD_IS:
            return any(form in texts for each in found for form in _json_forms(each))
        if self.kind is Kind.EACH_HAS:
            return all(isinstance(each, dict) and texts[0] in each for each in found)
        if self.kind is Kind.LATER:
            return all(is_later(each, json.loads(texts[0])) for each in found)
        return len({json.dumps(each) for each in found}) == len(found)


IN_PLACE = (Kind.FIELD_IS, Kind.EACH_HAS, Kind.ALL_DIFFER, Kind.LATER)
"""Kinds that speak of a place in the body."""


def compact(text: str) -> str:
    """JSON text as the scripts look at it: in one line, without spaces behind colons and commas."""
    return re.sub(r" *([:,]) *", r"\1", text.replace("\n", "").replace("\r", ""))


def status(*patterns: object) -> Check:
    """The status is one of these."""
    return Check(Kind.STATUS, tuple(map(str, patterns)))


def is_to_be_refused(checks: Iterable[Check]) -> bool:
    """Whether what should have come is a refusal."""
    statuses = [text for check in checks if check.kind is Kind.STATUS for text in check.texts]
    return bool(statuses) and all(text.startswith("4") for text in statuses)


def successes(number: int) -> Check:
    """Of requests at the same time no more succeed than that."""
    return Check(Kind.SUCCESSES, (str(number),))


def counts_successes(check: Check) -> bool:
    """Whether it speaks of several requests."""
    return check.kind is Kind.SUCCESSES


def header(name: str) -> Check:
    """The response has a header of this name."""
    return Check(Kind.HEADER, (name.lower(),))


def header_value(name: str, beginning: str) -> Check:
    """The response has a header of this name whose value begins so."""
    return Check(Kind.HEADER_VALUE, (name.lower(), beginning.lower()))


def begins(*beginnings: str) -> Check:
    """The body begins with one of these."""
    return Check(Kind.BEGINS, beginnings)


def order(ids: Iterable[str]) -> Check:
    """The organizations stand in this order."""
    return Check(Kind.ORDER, tuple(f'"id":"{identifier}"' for identifier in ids))


def at_most(number: int) -> Check:
    """A page holds no more organizations than that."""
    return Check(Kind.AT_MOST, (str(number),))


def has(value: object, field: str | None = None) -> Check:
    """The body holds the value, of the field where one is named."""
    return Check(Kind.HAS, forms_of(value, field))


def has_key(name: str) -> Check:
    """The body holds a key of this name."""
    return Check(Kind.HAS, tuple(f"{form}:" for form in _json_forms(name)))


def lacks(value: object, field: str | None = None) -> Check:
    """The body holds no such value."""
    return Check(Kind.LACKS, forms_of(value, field))


def field_is(place: str, value: object) -> Check:
    """In this place of the body, or in one of several, is the value."""
    return Check(Kind.FIELD_IS, (place, *_json_forms(value)))


def each_has(place: str, field: str) -> Check:
    """Each value in this place is an object with the field."""
    return Check(Kind.EACH_HAS, (place, field))


def all_differ(place: str) -> Check:
    """No two values in this place are the same."""
    return Check(Kind.ALL_DIFFER, (place,))


def later(place: str, than: str) -> Check:
    """The time in this place is later than this one, in RFC 3339."""
    return Check(Kind.LATER, (place, json.dumps(than)))


def forms_of(value: object, field: str | None) -> tuple[str, ...]:
    """How compact JSON may have the value, of the field where one is named."""
    prefix = "" if field is None else f"{json.dumps(field, ensure_ascii=False)}:"
    return tuple(dict.fromkeys(compact(prefix + form) for form in _json_forms(value)))


def _json_forms(value: object) -> tuple[str, ...]:
    """How JSON may have the value: characters beyond ASCII as they are or escaped."""
    forms = (
        json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":"), default=str) for ascii_only in (False, True)
    )
    return tuple(dict.fromkeys(forms))
