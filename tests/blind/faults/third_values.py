"""Names and moments that come back as something else."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.refusals import Fault, InvalidParameters
from emulator.validation import Rules
from tests.blind.parts.apps import app, reading, showing, values
from tests.blind.parts.interception import on_request, reshaped
from tests.blind.parts.messages import Object, reply
from tests.blind.registry import Proof, fault
from tests.blind.wire import Wire, domain, token, verified

VALUES = "names and values"
TIMES = "moments"


def _name_changes(name: str) -> Proof:
    return lambda w: w.made(name=name)["name"] != name


def _value_changes(value: str) -> Proof:
    return lambda w: w.made(metadata={"key": value})["metadata"] != {"key": value}


@fault(VALUES, "none: a name comes back", _name_changes("\ufb01rst \u2460"), "NFKC for comparison, stored")
def names_lose_their_compatibility_characters() -> ASGIApp:
    """Names are put into NFKC: a ligature becomes two letters."""
    return reading(name=lambda name: unicodedata.normalize("NFKC", name))


@fault(
    VALUES, "none: a name comes back", _name_changes("\U0001f469\u200d\U0001f4bb"), "a filter of invisible characters"
)
def names_lose_their_joiners() -> ASGIApp:
    """Characters without a width are taken out of names."""
    return reading(name=lambda name: re.sub("[\u00ad\u200b-\u200f\u2060\ufe0f]", "", name))


@fault(VALUES, "none: a name comes back whole", _name_changes("\u00e9" * 200), "a column counted in bytes")
def names_are_cut_by_bytes() -> ASGIApp:
    """A name of more than 255 characters is refused, one of more than 255 bytes cut off."""

    def cut(body: Object) -> Object:
        name = body.get("name", "")
        if len(name) > 255:
            raise InvalidParameters([Fault("too_long", "name", "name must have at most 255 characters")])
        return {**body, "name": name.encode()[:255].decode(errors="ignore")} if "name" in body else body

    class Cutting(Rules):
        def create(self, content: bytes) -> Object:
            return cut(super().create(content))

        def update(self, content: bytes) -> Object:
            return cut(super().update(content))

    return app(rules=Cutting())


@fault(VALUES, "none: a name comes back", _name_changes("=Acme"), "a guard against formulas in CSV exports")
def names_like_formulas_get_a_quote() -> ASGIApp:
    """A name that begins with =, +, - or @ gets an apostrophe in front."""
    return reading(name=lambda name: f"'{name}" if name[:1] in "=+-@" and name else name)


@fault(VALUES, "none: a value comes back", _value_changes("a ${b} c"), "values put through a template engine")
def placeholders_in_values_are_filled() -> ASGIApp:
    """`${...}` in a value of metadata becomes nothing."""
    return reading(metadata=values(lambda value: re.sub(r"\$\{[^}]*\}", "", value)))


@fault(VALUES, "none: a name comes back", _name_changes("C:\\u0041"), "JSON decoded twice")
def escapes_in_names_are_read_again() -> ASGIApp:
    """A backslash, a u and four digits in a name become the character that they would mean in JSON."""
    return reading(name=lambda name: re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), name))


@fault(
    VALUES, "none: valid bodies are accepted", lambda w: w.create(name="Union Select Inc").status_code == 403, "a WAF"
)
def a_firewall_reads_names() -> ASGIApp:
    """Bodies that look like an attack are answered with 403."""
    attack = re.compile(rb"(?i)union\s+select|/etc/passwd|<script|\bor\s+1=1")
    return on_request(
        lambda request: (
            reply(403, {"message": "Forbidden"}) if request.writes and attack.search(request.body) else request
        )
    )


@fault(VALUES, "none: a value comes back", _value_changes("a\r\nb"), "text normalized like a form's")
def line_ends_in_values_are_changed() -> ASGIApp:
    """CR LF in a value of metadata becomes LF."""
    return reading(metadata=values(lambda value: value.replace("\r\n", "\n")))


def _list_shortens(w: Wire) -> bool:
    w.made(name="n" * 90)
    return bool(w.list().json()["data"][0]["name"] != "n" * 90)


@fault(VALUES, "none: lists show the name", _list_shortens, "a view made for a table on a screen")
def lists_shorten_names() -> ASGIApp:
    """In lists, a name of more than 80 characters ends with an ellipsis."""
    return reshaped(lambda o: {**o, "name": o["name"] if len(o["name"]) <= 80 else f"{o['name'][:79]}\u2026"}, "list")


OFFSET = re.compile(r"(\d{4}-\d\d-\d\dT)(\d\d)(:\d\d:\d\d)\+00:00")


@fault(VALUES, "none: a value comes back", _value_changes("2026-01-02T03:04:05+00:00"), "Newtonsoft.Json")
def values_like_moments_get_a_z() -> ASGIApp:
    """A value of metadata that is a moment with the offset +00:00 comes back with Z."""
    return reading(metadata=values(lambda value: OFFSET.sub(r"\1\2\3Z", value)))


NORWAY = {"yes": "true", "no": "false", "on": "true", "off": "false"}


@fault(VALUES, "none: a value comes back", _value_changes("no"), "values that go through YAML 1.1")
def norway_becomes_false() -> ASGIApp:
    """The values yes, no, on and off come back as true and false."""
    return reading(metadata=values(lambda value: NORWAY.get(value.lower(), value)))


def _apostrophe(w: Wire) -> bool:
    return bool(w.changed(w.made()["id"], name="O'Neil")["name"] != "O'Neil")


@fault(VALUES, "none: a name comes back", _apostrophe, "escaping by hand")
def apostrophes_are_doubled_by_updates() -> ASGIApp:
    """An update doubles each apostrophe in a name."""
    return reading(create=False, name=lambda name: name.replace("'", "''"))


@fault(VALUES, "none: a name comes back", _name_changes("a\u2028b"), "characters that break JavaScript in a page")
def line_separators_in_names_become_spaces() -> ASGIApp:
    """U+2028 and U+2029 in a name come back as spaces."""
    return reading(name=lambda name: re.sub("[\u2028\u2029]", " ", name))


def _whole_seconds(w: Wire) -> bool:
    return all(w.changed(id, name="x")["updated_at"].endswith(".000Z") for id in w.many(3))


@fault(TIMES, "none: updated_at is not before created_at", _whole_seconds, "DATETIME against DATETIME(3)")
def updates_are_dated_to_the_second() -> ASGIApp:
    """After an update, updated_at is cut to the second, so that it may lie before created_at."""

    def cut(value: Object, organization: Organization) -> Object:
        changed = organization.updated_at != organization.created_at
        return {**value, "updated_at": f"{value['updated_at'][:-4]}000Z"} if changed else value

    return showing(cut)


def _touched(w: Wire) -> bool:
    made = w.made(external_id=token())
    w.lookup(made["external_id"])
    return bool(w.shown(made["id"])["updated_at"] != made["updated_at"])


@fault(TIMES, "none: reading changes nothing", _touched, "a column of the last access, ON UPDATE")
def a_lookup_touches() -> ASGIApp:
    """A lookup by external_id moves updated_at."""

    class Touching(Api):
        def lookup(self, call: Call) -> Response:
            known = self.known_outside(call.path["external_id"])
            self.store.update(replace(known, updated_at=self.changes.moved(known.updated_at)))
            return self.responses.found(known)

    return app(api=Touching)


def _domains_do_not_date(w: Wire) -> bool:
    made = w.made()
    return bool(w.changed(made["id"], domain_data=verified(domain()))["updated_at"] == made["updated_at"])


@fault(TIMES, "none: an update moves updated_at", _domains_do_not_date, "an ORM that sees no change of the parent")
def new_domains_are_no_change() -> ASGIApp:
    """An update of nothing but domains does not move updated_at."""

    class Parent(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            changed = super().updated(known, body)
            only = set(body) <= {"domains", "domain_data"}
            return replace(changed, updated_at=known.updated_at) if only else changed

    return app(changes=Parent())


def _zero(w: Wire) -> bool:
    shown: dict[str, Any] = w.changed(w.made()["id"], domain_data=verified(domain()))
    return bool(shown["domains"][0]["created_at"].startswith("1970"))


@fault(TIMES, "none: a domain was made when it was made", _zero, "a field that nobody sets")
def domains_of_updates_were_made_in_1970() -> ASGIApp:
    """A domain that came by an update has a created_at of 1970."""

    class Zero(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            found = super().replaced_domains(known, body, moment)
            return tuple(each if each in known.domains else replace(each, created_at=0) for each in found)

    return app(changes=Zero())
