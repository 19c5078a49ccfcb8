"""Values that are read as something else, and names."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Any
from urllib.parse import unquote, unquote_plus

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from tests.blind.parts.apps import app, reading, values
from tests.blind.parts.interception import lenient, on_request, strict
from tests.blind.parts.messages import Object, Reply, Request, reply, unprocessable
from tests.blind.registry import Proof, fault
from tests.blind.wire import token

RETURNS = "create.returns-what-was-sent"


def _echo(field: str, value: str) -> Proof:
    return lambda w: w.made(**{field: value})[field] != value


def _pair(value: str) -> Proof:
    return lambda w: w.made(metadata={"tier": value})["metadata"] != {"tier": value}


@fault("values", RETURNS, _echo("external_id", "0042"), "github.com/strongloop/strong-remoting/issues/143")
def external_id_loses_leading_zeros() -> ASGIApp:
    """An external_id of digits alone goes through an integer and loses its leading zeros."""
    return reading(external_id=lambda v: str(int(v)) if v.isdecimal() else v)


@fault("values", RETURNS, _echo("external_id", "null"), "FACTS: 'null' comes back exactly")
def external_id_null_word_is_null() -> ASGIApp:
    """The external_id "null" is taken for the null of JSON."""
    return reading(external_id=lambda v: None if v == "null" else v)


@fault("values", RETURNS, _echo("external_id", "0"), "PHP's empty('0')")
def external_id_zero_is_empty() -> ASGIApp:
    """The external_id "0" counts as empty and is not kept."""
    return reading(external_id=lambda v: None if v == "0" else v)


@fault("values", RETURNS, _echo("external_id", "Customer-A7"), "FACTS: comes back exactly as sent")
def external_id_in_small_letters() -> ASGIApp:
    """An external_id is kept in small letters, also in responses."""
    return reading(external_id=str.lower)


@fault("values", RETURNS, _pair("no"), "the YAML 1.1 'Norway problem'")
def metadata_value_no_is_false() -> ASGIApp:
    """The metadata values yes, no, on and off go through YAML and come back as true and false."""
    words = {"yes": "true", "on": "true", "no": "false", "off": "false"}
    return reading(metadata=values(lambda v: words.get(v.lower(), v)))


@fault("values", RETURNS, _pair("2026-01-15"), "a JSON reviver that looks for dates")
def metadata_value_date_becomes_moment() -> ASGIApp:
    """A metadata value that looks like a date comes back as a full date-time."""
    return reading(metadata=values(lambda v: f"{v}T00:00:00.000Z" if re.fullmatch(r"\d{4}-\d\d-\d\d", v) else v))


@fault("values", RETURNS, _pair("12345678901234567891"), "JavaScript numbers beyond 2**53")
def metadata_value_digits_rounded() -> ASGIApp:
    """A metadata value of many digits goes through a double and is rounded."""
    return reading(metadata=values(lambda v: f"{float(v):.0f}" if re.fullmatch(r"[1-9]\d{16,60}", v) else v))


@fault("values", RETURNS, _pair(""), "Laravel's ConvertEmptyStringsToNull")
def metadata_empty_value_dropped() -> ASGIApp:
    """A pair of metadata whose value is the empty text is dropped."""
    return reading(metadata=values(lambda v: v or None))


@fault("values", RETURNS, _pair(" padded "), "FACTS: white space is granted around a name alone")
def metadata_value_trimmed() -> ASGIApp:
    """White space around a metadata value is cut off."""
    return reading(metadata=values(str.strip))


@fault("values", RETURNS, _pair("a+b"), "form decoding applied once too often")
def metadata_value_plus_becomes_space() -> ASGIApp:
    """A metadata value is decoded like a form field: + becomes a space."""
    return reading(metadata=values(unquote_plus))


@fault("values", RETURNS, _pair("C:\\temp"), "PHP's stripslashes")
def metadata_value_loses_backslashes() -> ASGIApp:
    """Backslashes are stripped from metadata values."""
    return reading(metadata=values(lambda v: re.sub(r"\\(.?)", r"\1", v)))


@fault(
    "values",
    RETURNS,
    lambda w: (
        w.made(allow_profiles_outside_organization=True).get("allow_profiles_outside_organization", True) is not True
    ),
    "O OrganizationDto",
)
def create_forgets_allow_profiles() -> ASGIApp:
    """allow_profiles_outside_organization is left aside by create; the organization shows false."""
    return reading(update=False, allow_profiles_outside_organization=lambda _: False)


@fault("names", RETURNS, _echo("name", "Ben & Jerry's"), "github.com/CVEProject/cve-services/issues/729")
def name_html_escaped() -> ASGIApp:
    """The name is escaped for HTML before it is kept."""
    return reading(name=html.escape)


@fault("names", RETURNS, _echo("name", "Profit <b>2</b> Go"), "github.com/w3mg/resultkit-skills/issues/188")
def name_tags_stripped() -> ASGIApp:
    """A sanitizer strips what looks like a tag from the name."""
    return reading(name=lambda v: re.sub(r"<[^>]*>", "", v) or v)


@fault("names", RETURNS, _echo("name", "100%25 Juice"), "a gateway that decodes bodies")
def name_percent_decoded() -> ASGIApp:
    """Percent escapes within a name are decoded."""
    return reading(name=unquote)


@fault("names", RETURNS, _echo("name", "Acme  Holding"), "FACTS: only white space around a name is granted")
def name_inner_spaces_collapsed() -> ASGIApp:
    """Several spaces within a name become one."""
    return reading(name=lambda v: re.sub(r"(?<=\S) {2,}(?=\S)", " ", v))


@fault("names", RETURNS, _echo("name", "Rabbit \U0001f430 House"), "github.com/mozilla/fxa-profile-server/issues/186")
def name_cut_at_four_byte_character() -> ASGIApp:
    """A name is cut off at its first character beyond the basic plane, as MySQL's utf8 does."""
    return reading(name=lambda v: re.split("[\U00010000-\U0010ffff]", v)[0])


@fault("names", RETURNS, _echo("name", "Caf\u00e9 Zo\u00eb"), "HFS+ and macOS tools decompose")
def name_decomposed() -> ASGIApp:
    """A name in NFC comes back decomposed (NFD)."""
    return reading(name=lambda v: unicodedata.normalize("NFD", v))


@fault("names", RETURNS, _echo("name", "Of\ufb01ce \u2460"), "FACTS: a name in NFC comes back as it was")
def name_compatibility_characters_replaced() -> ASGIApp:
    """A name is normalized to NFKC, which replaces ligatures, full-width letters and the like."""
    return reading(name=lambda v: unicodedata.normalize("NFKC", v))


@fault("names", RETURNS, _echo("name", "\u0141\u00f3d\u017a"), "a column in Latin-1")
def name_beyond_latin_1_becomes_question_marks() -> ASGIApp:
    """Characters of a name that Latin-1 lacks come back as question marks."""
    return reading(name=lambda v: v.encode("latin-1", "replace").decode("latin-1"))


@fault("names", RETURNS, _echo("name", '"Quoted"'), "configuration parsers unquote")
def name_loses_quotes_around_it() -> ASGIApp:
    """A name that stands in double quotes comes back without them."""
    return reading(name=lambda v: v[1:-1] if re.fullmatch('".+"', v) else v)


def refusing_known(field: str, status: int) -> ASGIApp:
    """An app that refuses a create whose field has a value that came before."""
    seen: set[Any] = set()

    def judged(request: Request) -> Request | Reply:
        body = request.json
        if request.operation != "create" or not isinstance(body, dict) or not isinstance(body.get(field), str):
            return request
        if body[field] in seen:
            return reply(status, {"message": f"An Organization with this {field} already exists."})
        seen.add(body[field])
        return request

    return on_request(judged)


@fault(
    "names",
    "create.same-name",
    lambda w: [w.create(name=(name := token())), w.create(name=name)][1].status_code != 201,
    "O Organization.name need not be unique",
)
def name_must_be_unique() -> ASGIApp:
    """A name that another organization has is refused with 409."""
    return refusing_known("name", 409)


@fault(
    "names",
    "update.sets-what-was-sent",
    lambda w: w.changed(w.made(name="acme")["id"], name="ACME")["name"] != "ACME",
    "a change detector that compares without case",
)
def name_change_of_case_ignored() -> ASGIApp:
    """An update that changes only capital and small letters of the name is taken for no change."""

    class Same(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            if body.get("name", "").casefold() == known.name.casefold():
                body = {**body, "name": known.name}
            return super().updated(known, body)

    return app(changes=Same())


@fault(
    "values",
    "create.accepts-valid-bodies",
    lambda w: w.create(external_id="order/2026:7 (b)").status_code != 201,
    "O pattern of external_id: any ASCII",
)
def external_id_only_of_word_characters() -> ASGIApp:
    """An external_id with anything but letters, digits, - and _ is refused."""

    def judged(body: Object) -> Reply | None:
        given = body.get("external_id")
        return unprocessable("external_id") if isinstance(given, str) and not re.fullmatch(r"[\w-]*", given) else None

    return strict(judged)


@fault(
    "values",
    "body.external-id-characters",
    lambda w: w.create(external_id="").status_code == 201,
    "FACTS: 1 to 128 characters",
)
def external_id_empty_is_none() -> ASGIApp:
    """An empty external_id is accepted and means none."""
    return lenient(lambda body: {**body, "external_id": None} if body.get("external_id") == "" else body)
