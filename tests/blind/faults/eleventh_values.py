"""Values that are refused or stored otherwise although the contract allows them."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.types import ASGIApp

from tests.blind.parts.apps import reading, values
from tests.blind.parts.interception import strict
from tests.blind.parts.messages import Json, Object, Reply, bad_request, crash, pairs, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def refusing(field: str, allowed: Callable[[str], object]) -> ASGIApp:
    """An app that answers 422 to texts in a field that it does not like."""

    def judged(body: Object) -> Reply | None:
        given: Json = body.get(field)
        return unprocessable(field) if isinstance(given, str) and given and not allowed(given) else None

    return strict(judged)


def _tags(w: Wire) -> object:
    return w.made(name="A <b>bold</b> name")["name"] == "A bold name"


@fault("values", "body.name-nfc", _tags, "a sanitizer against scripts in the dashboard")
def eleventh_strips_tags() -> ASGIApp:
    """Tags of HTML are cut out of a name."""
    return reading(name=lambda name: re.sub(r"<[^>]*>", "", name) or name)


def _trimmed(w: Wire) -> object:
    external = token()
    return w.made(external_id=f"{external} ")["external_id"] == external


@fault("values", "body.external-id-verbatim", _trimmed, "trim_whitespace, which is on unless it is turned off")
def eleventh_trims_external_id() -> ASGIApp:
    """White space around an external_id is cut off where it is stored."""
    return reading(external_id=lambda external: external.strip() or external)


@fault(
    "values",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"a": " b "})["metadata"] == {"a": "b"},
    "trim_whitespace of the fields within a DictField",
)
def eleventh_trims_metadata() -> ASGIApp:
    """White space around a metadata value is cut off."""
    return reading(metadata=values(str.strip))


@fault(
    "values",
    "body.metadata-values-verbatim",
    lambda w: w.create(metadata={"a": ""}).status_code == 400,
    "allow_blank, which is off unless it is turned on",
)
def eleventh_refuses_blank_metadata() -> ASGIApp:
    """An empty metadata value answers 400."""
    return strict(lambda body: bad_request("invalid_metadata") if "" in pairs(body).values() else None)


@fault(
    "values",
    "create.accepts-valid-bodies",
    lambda w: w.create(name="X").status_code == 422,
    "a minimal length of names that a form once had",
)
def eleventh_refuses_short_names() -> ASGIApp:
    """A name of one or two characters answers 422."""
    return refusing("name", lambda name: len(name) > 2)


@fault(
    "values",
    "body.name-nfc",
    lambda w: w.create(name="株式会社").status_code == 422,
    "a pattern that was written for names of companies in Europe",
)
def eleventh_refuses_other_scripts() -> ASGIApp:
    """A name with letters that are not Latin answers 422."""
    return refusing("name", lambda name: all(ord(letter) < 0x250 for letter in name))


@fault(
    "values",
    "create.accepts-valid-bodies",
    lambda w: w.create(external_id=f"acme:{token()}").status_code == 422,
    "a pattern of slugs",
)
def eleventh_refuses_external_ids_that_are_no_slugs() -> ASGIApp:
    """An external_id with anything but letters, digits, hyphens and underscores answers 422."""
    return refusing("external_id", lambda external: re.fullmatch(r"[\w-]+", external))


@fault(
    "values",
    "body.name-control-characters",
    lambda w: w.update(w.made()["id"], name="a\u0000b").status_code == 500,
    "text columns, which cannot hold U+0000; creates checked it",
)
def eleventh_update_crashes_at_nul() -> ASGIApp:
    """An update with U+0000 in the name answers 500."""

    def judged(body: Object) -> Reply | None:
        given = body.get("name")
        return crash() if isinstance(given, str) and "\u0000" in given else None

    return strict(judged, "update")


def _long_ending(w: Wire) -> object:
    name = f"{domain().partition('.')[0]}.technology"
    return w.create(domain_data=verified(name)).status_code == 422 == w.create(domains=[name]).status_code


@fault("values", "body.domain-names-verbatim", _long_ending, "[a-z]{2,4}$ at the end of a pattern from 2005")
def eleventh_refuses_long_endings() -> ASGIApp:
    """A domain whose last label has more than four letters answers 422."""

    def judged(body: Object) -> Reply | None:
        stated = body.get("domain_data") if isinstance(body.get("domain_data"), list) else []
        plain = body.get("domains") if isinstance(body.get("domains"), list) else []
        names = [each.get("domain") if isinstance(each, dict) else each for each in [*(stated or []), *(plain or [])]]
        endings = [name.rpartition(".")[2] for name in names if isinstance(name, str)]
        return unprocessable("domain_data") if any(len(ending) > 4 for ending in endings) else None

    return strict(judged)


def _www(w: Wire) -> object:
    name = domain()
    return w.made(domain_data=verified(f"www.{name}"))["domains"][0]["domain"] == name


@fault("values", "body.domain-names-verbatim", _www, "addresses that people pasted into the field")
def eleventh_cuts_www_off() -> ASGIApp:
    """A domain that begins with www. is stored without it."""

    def bare(name: str) -> str:
        return name.removeprefix("www.") if name.count(".") > 1 else name

    return reading(
        domains=lambda given: [bare(name) for name in given],
        domain_data=lambda given: [{**each, "domain": bare(each["domain"])} for each in given],
    )
