"""Values that do not come back as they were sent."""

from __future__ import annotations

import html
import re
import unicodedata

from starlette.types import ASGIApp

from tests.blind.parts.apps import keys, reading, values
from tests.blind.parts.interception import lenient
from tests.blind.parts.messages import Json, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

KIND = "fifth: values"


def name_of_update(w: Wire, name: str) -> str:
    """The name that an update answers with."""
    return str(w.changed(w.made()["id"], name=name)["name"])


@fault(
    KIND,
    "update.sets-what-was-sent",
    lambda w: name_of_update(w, "A & B <c>") == "A &amp; B &lt;c&gt;",
    "a sanitizer on one of two forms",
)
def fifth_update_escapes_names_for_html() -> ASGIApp:
    """An update keeps the name with HTML's escapes."""
    return reading(create=False, name=lambda text: html.escape(text, quote=False))


@fault(KIND, "create.returns-what-was-sent", lambda w: w.made(name="A  B")["name"] == "A B", "squish")
def fifth_names_lose_double_spaces() -> ASGIApp:
    """A name keeps one of several spaces within it."""
    return reading(name=lambda text: re.sub(" {2,}", " ", text))


@fault(KIND, "body.name-nfc", lambda w: name_of_update(w, "A \U0001f680") == "A ?", "utf8mb3 in one of two tables")
def fifth_update_loses_emoji() -> ASGIApp:
    """An update keeps a question mark for each character of the name beyond U+FFFF."""
    return reading(create=False, name=lambda text: re.sub("[\U00010000-\U0010ffff]", "?", text))


@fault(KIND, "body.name-nfc", lambda w: w.made(name="ﬁn ½")["name"] != "ﬁn ½", "NFKC for what should be NFC")
def fifth_names_in_compatibility_form() -> ASGIApp:
    """A name is kept in normalization form KC."""
    return reading(name=lambda text: unicodedata.normalize("NFKC", text))


@fault(
    KIND,
    "body.name-control-characters",
    lambda w: w.made(name="a\tb")["name"] == "a b",
    "a filter for one line of text",
)
def fifth_tabs_in_names_become_spaces() -> ASGIApp:
    """A tab or line feed in a name becomes a space."""
    return reading(name=lambda text: re.sub(r"[\t\r\n]", " ", text))


@fault(KIND, "body.name-verbatim", lambda w: name_of_update(w, "0") == "Blind", "empty() of PHP")
def fifth_update_ignores_the_name_0() -> ASGIApp:
    """An update with the name 0 keeps the old name."""
    return lenient(lambda body: without(body, "name") if body.get("name") == "0" else body, "update")


@fault(
    KIND,
    "body.metadata-keys-verbatim",
    lambda w: "planTier" not in w.changed(w.made()["id"], metadata={"planTier": "a"})["metadata"],
    "a conversion of keys to snake_case that goes too deep",
)
def fifth_update_writes_metadata_keys_in_snake_case() -> ASGIApp:
    """An update keeps metadata keys in snake_case."""
    return reading(
        create=False, metadata=keys(lambda key: re.sub("(?<=[a-z])[A-Z]", lambda m: f"_{m[0].lower()}", key))
    )


@fault(
    KIND,
    "create.returns-what-was-sent",
    lambda w: w.made(metadata={"id": "a", "b": "c"})["metadata"] == {"b": "c"},
    "reserved names",
)
def fifth_reserved_metadata_keys_go() -> ASGIApp:
    """A create drops pairs of metadata that are called id, name or object."""
    return reading(update=False, metadata=keys(lambda key: None if key in ("id", "name", "object") else key))


@fault(
    KIND,
    "body.metadata-keys-verbatim",
    lambda w: w.made(metadata={" a": "b"})["metadata"] == {"a": "b"},
    "trim over keys",
)
def fifth_metadata_keys_are_trimmed() -> ASGIApp:
    """Space around a metadata key is cut off."""
    return reading(metadata=keys(lambda key: key.strip() or key))


def value_of(w: Wire, value: str) -> Json:
    """A value of metadata as a create answers with it."""
    return w.made(metadata={"a": value})["metadata"].get("a")


@fault(KIND, "body.metadata-values-verbatim", lambda w: value_of(w, "a\r\nb") == "a\nb", "line ends of forms")
def fifth_line_ends_of_metadata() -> ASGIApp:
    """A CR LF in a metadata value becomes LF."""
    return reading(metadata=values(lambda text: text.replace("\r\n", "\n")))


@fault(KIND, "body.metadata-values-verbatim", lambda w: value_of(w, "=1+1") == "'=1+1", "a guard against CSV injection")
def fifth_formulas_in_metadata_are_quoted() -> ASGIApp:
    """A metadata value that begins with =, + or @ gets an apostrophe before it."""
    return reading(metadata=values(lambda text: f"'{text}"[:600] if text[:1] in ("=", "+", "@") else text))


@fault(KIND, "body.metadata-values-verbatim", lambda w: value_of(w, "1.50") == "1.5", "a column of JSON numbers")
def fifth_decimals_in_metadata_are_shortened() -> ASGIApp:
    """A metadata value that is a decimal number loses the zeros at its end."""
    return reading(
        metadata=values(lambda text: text.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.\d+", text) else text)
    )


@fault(
    KIND,
    "body.metadata-values-verbatim",
    lambda w: w.changed(w.made()["id"], metadata={"a": "null", "b": "c"})["metadata"] == {"b": "c"},
    "null as a word",
)
def fifth_update_takes_the_word_null_for_null() -> ASGIApp:
    """An update drops a pair of metadata whose value is the word null."""
    return reading(create=False, metadata=values(lambda text: None if text == "null" else text))


def upper_uuid(w: Wire) -> bool:
    given = f"2FE01467-F7EA-4DD2-8B79-{token()[5:].upper()}"
    return bool(w.made(external_id=given)["external_id"] == given.lower())


@fault(KIND, "body.external-id-verbatim", upper_uuid, "a UUID that is parsed")
def fifth_uuids_in_small_letters() -> ASGIApp:
    """An external_id that is a UUID is kept in small letters."""
    uuid = re.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
    return reading(external_id=lambda text: text.lower() if uuid.fullmatch(text) else text)


def inner_space(w: Wire) -> bool:
    given = f"{token()} "
    return bool(w.made(external_id=given)["external_id"] == given.rstrip())


@fault(KIND, "create.returns-what-was-sent", inner_space, "strip over every string of identifiers")
def fifth_external_ids_are_trimmed() -> ASGIApp:
    """Space at the ends of an external_id is cut off."""
    return reading(external_id=lambda text: text.strip() or text)


def shown_domain(w: Wire, name: str) -> bool:
    found = w.changed(w.made()["id"], domain_data=verified(name))["domains"]
    return bool(found[0]["domain"] != name)


@fault(KIND, "body.domain-names-verbatim", lambda w: shown_domain(w, f"www.{domain()}"), "a normalization of sites")
def fifth_domains_lose_www() -> ASGIApp:
    """A domain loses www. at its beginning."""
    return reading(
        domain_data=lambda given: [{**each, "domain": each["domain"].removeprefix("www.")} for each in given]
    )


@fault(KIND, "body.domain-names-verbatim", lambda w: shown_domain(w, f"xn--bcher-kva.{domain()}"), "IDNA for display")
def fifth_domains_are_shown_in_unicode() -> ASGIApp:
    """A domain with labels in Punycode is kept in Unicode."""

    def decoded(label: str) -> str:
        return label[4:].encode().decode("punycode") if label == "xn--bcher-kva" else label

    return reading(
        domain_data=lambda given: [
            {**each, "domain": ".".join(map(decoded, each["domain"].split(".")))} for each in given
        ]
    )


@fault(
    KIND, "body.name-padding", lambda w: name_of_update(w, " a ") == "a", "a strip in one of two forms", level="SHOULD"
)
def fifth_update_trims_names() -> ASGIApp:
    """An update cuts off white space around the name."""
    return reading(create=False, name=str.strip)
