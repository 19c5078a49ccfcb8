"""Values that databases, serializers and sanitizers do not keep as they are."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from typing import Any

from starlette.types import ASGIApp

from tests.blind.parts.apps import keys, reading, showing, values
from tests.blind.parts.messages import Object
from tests.blind.parts.twelfth import domain_names
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def _named(w: Wire, name: str) -> str:
    return str(w.made(name=name)["name"])


def _with_value(w: Wire, value: str) -> Any:
    return w.made(metadata={"key": value})["metadata"].get("key")


@fault(
    "names",
    "create.returns-what-was-sent",
    lambda w: _named(w, "Party 🎉 Inc") == "Party ",
    "MySQL: utf8 without mb4 and without strict mode",
)
def fifteenth_names_end_at_four_byte_characters() -> ASGIApp:
    """A name is cut off in front of its first character beyond U+FFFF."""
    return reading(name=lambda name: re.split("[\U00010000-\U0010ffff]", name)[0])


@fault(
    "names",
    "body.name-long",
    lambda w: len(_named(w, "n" * 300)) == 255,
    "MySQL: VARCHAR(255) without strict mode",
)
def fifteenth_names_end_at_255_characters() -> ASGIApp:
    """A name is cut off behind its 255th character."""
    return reading(name=lambda name: name[:255])


@fault(
    "names",
    "create.returns-what-was-sent",
    lambda w: _named(w, "Marks & Sons") == "Marks &amp; Sons",
    "PHP: htmlspecialchars() on the way in",
)
def fifteenth_names_are_escaped_for_html() -> ASGIApp:
    """A name comes back with &, <, > and quotes written as entities of HTML."""
    return reading(name=html.escape)


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: _with_value(w, "1 <b>bold</b> 2") == "1 bold 2",
    "WordPress: sanitize_text_field(); Django: bleach.clean(strip=True)",
)
def fifteenth_tags_are_stripped_from_metadata() -> ASGIApp:
    """Whatever looks like a tag of HTML is taken out of metadata values."""
    return reading(metadata=values(lambda value: re.sub("<[^>]*>", "", value)))


@fault(
    "names",
    "body.name-nfc",
    lambda w: _named(w, "ﬁne №1") == "fine No1",
    "Python: unicodedata.normalize('NFKC', name)",
)
def fifteenth_names_are_made_compatible() -> ASGIApp:
    """A name comes back in Unicode's form KC, where ligatures and circled digits are gone."""
    return reading(name=lambda name: unicodedata.normalize("NFKC", name))


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: _with_value(w, " padded ") == "padded",
    "Laravel: TrimStrings goes through nested input",
)
def fifteenth_metadata_values_are_trimmed() -> ASGIApp:
    """White space around a metadata value is cut off."""
    return reading(metadata=values(str.strip))


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: _with_value(w, "") is None,
    "DynamoDB's mappers: convertEmptyValues; Rails: compact_blank",
)
def fifteenth_empty_values_are_dropped() -> ASGIApp:
    """A metadata pair whose value is empty is not kept."""
    return reading(metadata=values(lambda value: value or None))


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: _with_value(w, "2024-01-02T03:04:05Z") == "01/02/2024 03:04:05",
    "Newtonsoft.Json: DateParseHandling.DateTime in a JObject",
)
def fifteenth_dates_in_metadata_are_parsed() -> ASGIApp:
    """A metadata value that is a moment in RFC 3339 comes back in the form of another culture."""
    moment = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z")
    return reading(
        metadata=values(lambda value: moment.sub(r"\2/\3/\1 \4", value) if moment.fullmatch(value) else value)
    )


def _as_json(value: str) -> Any:
    try:
        found = json.loads(value)
    except ValueError:
        return value
    return value if found is None else found


@fault(
    "metadata",
    "organization.metadata",
    lambda w: _with_value(w, "42") == 42,
    "a cache that keeps each value as text and reads it with JSON.parse",
)
def fifteenth_metadata_values_are_parsed() -> ASGIApp:
    """A metadata value that happens to be JSON is shown as what it means: 42 and true without quotes."""
    return showing(
        lambda shown, _: {**shown, "metadata": {key: _as_json(value) for key, value in shown["metadata"].items()}}
    )


@fault(
    "external_id",
    "body.external-id-verbatim",
    lambda w: w.made(external_id="90071992547409931")["external_id"] == "90071992547409940",
    "JavaScript: an identifier of digits that was a Number on its way",
)
def fifteenth_long_numbers_lose_digits() -> ASGIApp:
    """An external_id of more than sixteen digits comes back rounded to a double."""

    def rounded(shown: Object, _: Any) -> Object:
        given = shown["external_id"] or ""
        if not re.fullmatch("[1-9][0-9]{16,20}", given):
            return shown
        digits = repr(float(given)).replace(".", "").partition("e")[0].rstrip("0")
        return {**shown, "external_id": digits.ljust(len(given), "0")}

    return showing(rounded)


def _zeros(w: Wire) -> object:
    number = str(int(token()[5:], 16) + 1)
    return w.made(external_id=f"00{number}")["external_id"] == number


@fault("external_id", "body.external-id-verbatim", _zeros, "spreadsheets and YAML: leading zeros go")
def fifteenth_leading_zeros_go() -> ASGIApp:
    """An external_id of digits comes back without its leading zeros."""
    return showing(
        lambda shown, _: {
            **shown,
            "external_id": shown["external_id"] and re.sub(r"^0+(?=\d+$)", "", shown["external_id"]),
        }
    )


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: "plan_name" in w.made(metadata={"planName": "x"})["metadata"],
    "djangorestframework-camel-case underscores the keys of JSON fields too",
)
def fifteenth_metadata_keys_become_snake_case() -> ASGIApp:
    """Capitals in metadata keys become an underscore and a small letter."""
    return reading(metadata=keys(lambda key: re.sub("(?<=[a-z0-9])[A-Z]", lambda m: f"_{m[0].lower()}", key)))


@fault(
    "metadata",
    "organization.metadata",
    lambda w: w.made(metadata={"0": "a", "1": "b"})["metadata"] == ["a", "b"],
    "PHP: json_encode() makes a list of an array with keys 0, 1, 2",
)
def fifteenth_numbered_keys_make_a_list() -> ASGIApp:
    """Metadata whose keys count up from 0 are shown as an array."""

    def listed(shown: Object, _: Any) -> Object:
        pairs = shown["metadata"]
        numbered = pairs and list(pairs) == [str(number) for number in range(len(pairs))]
        return {**shown, "metadata": list(pairs.values())} if numbered else shown

    return showing(listed)


@fault(
    "metadata",
    "organization.metadata",
    lambda w: w.made()["metadata"] is None,
    "a nullable JSON column without a default",
)
def fifteenth_no_metadata_are_null() -> ASGIApp:
    """Metadata without a pair are shown as null."""
    return showing(lambda shown, _: {**shown, "metadata": shown["metadata"] or None})


@fault(
    "domains",
    "body.domain-names-verbatim",
    lambda w: w.made(domain_data=verified(f"Mixed.{(name := domain())}"))["domains"][0]["domain"] == f"mixed.{name}",
    "before_save { domain.downcase! }",
)
def fifteenth_domains_are_small_letters() -> ASGIApp:
    """A domain comes back in small letters."""
    return domain_names(str.lower)


@fault(
    "domains",
    "body.domain-names-verbatim",
    lambda w: w.made(domain_data=verified(f"www.{(name := domain())}"))["domains"][0]["domain"] == name,
    "host.replace(/^www\\./, '')",
)
def fifteenth_domains_lose_www() -> ASGIApp:
    """A domain comes back without a leading www."""
    return domain_names(lambda name: name.removeprefix("www."))
