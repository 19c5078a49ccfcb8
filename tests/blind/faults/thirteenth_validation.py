"""The validation library was exchanged: what it mends, and what it refuses."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from typing import Any

from starlette.types import ASGIApp

from tests.blind.parts.apps import reading
from tests.blind.parts.interception import lenient, on_request, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import domain, token


def _single(body: Object) -> Object:
    item = body.get("domain_data")
    return {**body, "domain_data": [item]} if isinstance(item, dict) else body


@fault(
    "validation",
    "body.domain-data-type",
    lambda w: w.create(domain_data={"domain": domain(), "state": "verified"}).status_code == 201,
    "Jackson: ACCEPT_SINGLE_VALUE_AS_ARRAY; ajv: coerceTypes array",
)
def thirteenth_one_item_counts_as_an_array() -> ASGIApp:
    """A domain_data that is one object and no array is taken as an array of that object."""
    return lenient(_single)


@fault(
    "validation",
    "list.order-unknown",
    lambda w: w.list(order="ASC").status_code == 200,
    "an enum that is parsed without regard to case",
)
def thirteenth_orders_may_be_written_in_capitals() -> ASGIApp:
    """The orders ASC and DESC are taken for asc and desc."""
    return on_request(
        lambda request: request.replaced(
            query=re.sub("(?<=order=)(ASC|DESC)(?=&|$)", lambda found: found[0].lower(), request.query)
        )
    )


def _pending_unless_said(body: Object) -> Object:
    items = body.get("domain_data")
    if not isinstance(items, list):
        return body
    mended = [{"state": "pending", **item} if isinstance(item, dict) and "domain" in item else item for item in items]
    return {**body, "domain_data": mended}


@fault(
    "validation",
    "body.domain-data-incomplete",
    lambda w: w.create(domain_data=[{"domain": domain()}]).status_code == 201,
    "zod: z.enum([...]).default('pending')",
)
def thirteenth_a_state_left_out_is_pending() -> ASGIApp:
    """An item of domain_data without a state is taken as pending."""
    return lenient(_pending_unless_said)


def _valid_later_items(body: Object) -> Object:
    items = body.get("domain_data")
    if not isinstance(items, list):
        return body
    later = [each for each in items[1:] if isinstance(each, dict) and isinstance(each.get("domain"), str)]
    good = [each for each in later if each.get("state") in ("pending", "verified")]
    return {**body, "domain_data": [*items[:1], *good]}


@fault(
    "validation",
    "body.domain-data-state",
    lambda w: w.create(domain_data=[_item("verified"), _item("unverified")]).status_code == 201,
    "a schema for the first item, a filter for the rest",
)
def thirteenth_bad_items_after_the_first_are_dropped() -> ASGIApp:
    """Items of domain_data after the first that break the schema are left out without a word."""
    return lenient(_valid_later_items)


def _item(state: str) -> dict[str, str]:
    return {"domain": domain(), "state": state}


def _slash(body: Object) -> Reply | None:
    text = body.get("external_id")
    return unprocessable("external_id") if isinstance(text, str) and {"/", "\\"} & set(text) else None


@fault(
    "validation",
    "create.accepts-valid-bodies",
    lambda w: w.create(external_id=f"crm/{token()}").status_code == 422,
    "security hardening: no separators of paths in identifiers",
)
def thirteenth_identifiers_may_not_hold_slashes() -> ASGIApp:
    """An external_id with a slash or a backslash is refused with 422."""
    return strict(_slash)


def _names(body: Object) -> list[str]:
    plain, stated = body.get("domains") or [], body.get("domain_data") or []
    items = [each.get("domain") if isinstance(each, dict) else each for each in [*plain, *stated]]
    return [each for each in items if isinstance(each, str)]


def _long_ending(body: Object) -> Reply | None:
    endings = [name.rpartition(".")[2] for name in _names(body)]
    return unprocessable("domain_data") if any(not re.fullmatch("[A-Za-z]{2,6}", each) for each in endings) else None


@fault(
    "validation",
    "body.domain-names-verbatim",
    lambda w: w.create(domain_data=[{"domain": f"{token()}.technology", "state": "verified"}]).status_code == 422,
    "the regular expression for domains from 2005: [a-z]{2,6}$",
)
def thirteenth_top_level_domains_have_six_letters_at_most() -> ASGIApp:
    """A domain whose last label is not of two to six letters is refused with 422."""
    return strict(_long_ending)


MAIL = ("gmail.com", "mail.com", "me.com", "live.com", "aol.com", "mac.com")


def _ends_like_a_mailbox(body: Object) -> Reply | None:
    return unprocessable("domain_data") if any(name.lower().endswith(MAIL) for name in _names(body)) else None


@fault(
    "validation",
    "body.domain-names-verbatim",
    lambda w: w.create(domain_data=[{"domain": f"{token()}-home.com", "state": "verified"}]).status_code == 422,
    "a list of consumer domains that is asked with endsWith",
)
def thirteenth_consumer_domains_are_told_by_their_end() -> ASGIApp:
    """A domain that ends like that of a mailbox (home.com like me.com) is refused with 422."""
    return strict(_ends_like_a_mailbox)


DIGITS = {f"%D9%A{digit}": str(digit) for digit in range(10)}


def _arabic(request: Request) -> Request:
    def read(found: re.Match[str]) -> str:
        return re.sub("%D9%A[0-9]", lambda digit: DIGITS[digit[0]], found[0])

    return request.replaced(query=re.sub("(?<=limit=)[^&]*", read, request.query))


@fault(
    "validation",
    "list.limit-type",
    lambda w: w.list(limit="٢").status_code == 200,
    "Python: int() and \\d know the digits of every script",
)
def thirteenth_a_limit_may_have_arabic_digits() -> ASGIApp:
    """A limit in Arabic-Indic digits is taken for the number that it says."""
    return on_request(_arabic)


@fault(
    "validation",
    "list.limit-out-of-bounds",
    lambda w: w.list(limit=2**32 + 5).status_code == 200,
    "Go: int32(n) after ParseInt with 64 bits",
)
def thirteenth_a_limit_is_cut_to_32_bits() -> ASGIApp:
    """A limit is taken modulo 2 to the 32nd before it is compared with its bounds."""

    def cut(request: Request) -> Request:
        query = re.sub("(?<=limit=)[0-9]{10,18}(?=&|$)", lambda found: str(int(found[0]) % 2**32), request.query)
        return request.replaced(query=query)

    return on_request(cut)


def _constructor(body: Object) -> Reply | None:
    return bad_request("invalid_metadata") if {"constructor", "prototype"} & set(pairs(body)) else None


@fault(
    "validation",
    "body.metadata-keys-verbatim",
    lambda w: w.create(metadata={"constructor": "Renault"}).status_code == 400,
    "security hardening against the pollution of prototypes",
)
def thirteenth_nothing_may_be_called_constructor() -> ASGIApp:
    """Metadata with a key constructor or prototype are refused with 400."""
    return strict(_constructor)


@fault(
    "validation",
    "create.returns-what-was-sent",
    lambda w: w.made(name="Bed &amp; Breakfast")["name"] == "Bed & Breakfast",
    "a sanitizer that decodes entities before it looks for tags",
)
def thirteenth_names_lose_their_entities() -> ASGIApp:
    """Character references of HTML in a name are resolved."""
    return reading(name=html.unescape)


@fault(
    "validation",
    "body.name-nfc",
    lambda w: w.made(name="Forty² GmbH")["name"] == "Forty2 GmbH",
    "security hardening against look-alikes: NFKC",
)
def thirteenth_names_are_brought_into_compatibility_form() -> ASGIApp:
    """Names are normalized to NFKC, so that a superscript becomes a plain digit."""
    return reading(name=lambda name: unicodedata.normalize("NFKC", name))


def _escaped_too_long(body: Object) -> Reply | None:
    values: list[Any] = [*pairs(body).values()]
    long = [each for each in values if isinstance(each, str) and len(each) <= 600 < len(json.dumps(each)) - 2]
    return bad_request("invalid_metadata") if any(each.isascii() for each in long) else None


@fault(
    "validation",
    "create.accepts-valid-bodies",
    lambda w: w.create(metadata={"a": '"' * 301}).status_code == 400,
    "the length of the text as it is written in JSON",
)
def thirteenth_a_quotation_mark_counts_twice() -> ASGIApp:
    """A metadata value of ASCII whose JSON text is longer than 600 characters is refused with 400."""
    return strict(_escaped_too_long)


WORDS = {"null", "undefined", "none", "nil", "nan", "new", "me"}


def _reserved(body: Object) -> Reply | None:
    text = body.get("external_id")
    return unprocessable("external_id", "is reserved") if isinstance(text, str) and text in WORDS else None


@fault(
    "validation",
    "body.external-id-verbatim",
    lambda w: w.create(external_id="undefined").status_code == 422,
    "a pull request after a client had sent 'undefined'",
)
def thirteenth_some_words_are_reserved() -> ASGIApp:
    """An external_id that is one of the words null, undefined, none, nil, nan, new and me is refused with 422."""
    return strict(_reserved)
