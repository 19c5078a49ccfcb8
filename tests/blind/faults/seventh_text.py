"""Names and other texts that come back as something else."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import unquote

from starlette.types import ASGIApp

from tests.blind.parts.apps import reading, values
from tests.blind.parts.interception import on_response, reshaped
from tests.blind.parts.messages import Json, Object, Reply, Request
from tests.blind.registry import Proof, fault
from tests.blind.wire import Wire


def named(name: str) -> Proof:
    """Shows where a create answers with another name than this one."""
    return lambda w: w.made(name=name)["name"] != name


@fault(
    "text",
    "body.name-nfc",
    named("Rocket \U0001f680 Works"),
    "MySQL's utf8 holds three bytes a character",
)
def seventh_astral_characters_become_question_marks() -> ASGIApp:
    """Characters beyond U+FFFF in a name become question marks."""
    return reading(name=lambda name: re.sub("[\U00010000-\U0010ffff]", "?", name))


@fault("text", "create.returns-what-was-sent", named("Miller & Sons"), "input is escaped for HTML as it comes in")
def seventh_ampersand_is_escaped() -> ASGIApp:
    """An ampersand or an angle bracket in a name becomes a character reference of HTML."""
    return reading(name=lambda name: html.escape(name, quote=False))


@fault(
    "text",
    "create.returns-what-was-sent",
    named("Fifty%20Fifty"),
    "a gateway decodes the body as if it were a query",
)
def seventh_percent_escapes_are_decoded() -> ASGIApp:
    """What looks like a percent-encoded character in a name is decoded."""
    return reading(name=unquote)


@fault(
    "text",
    "body.name-nfc",
    named("Family \U0001f468\u200d\U0001f469\u200d\U0001f467 Care"),
    "a filter against invisible characters, which emoji and Persian names need",
)
def seventh_joiners_go() -> ASGIApp:
    """Zero-width joiners and non-joiners in a name disappear."""
    return reading(name=lambda name: re.sub("[\u200b-\u200d\u2060]", "", name))


def _unreadable(w: Wire) -> object:
    id = w.made(name='The "Best" Shop')["id"]
    try:
        w.get(id).json()
    except json.JSONDecodeError:
        return True
    return False


@fault("text", "answer.json", _unreadable, "a template of text writes the JSON")
def seventh_quotes_are_not_escaped() -> ASGIApp:
    """A get writes quotation marks within texts without a backslash."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "get" or not response.good:
            return response
        return response.replaced(body=response.body.replace(b'\\"', b'"'))

    return on_response(altered)


def _number(value: Json) -> Json:
    return int(value) if isinstance(value, str) and re.fullmatch("[1-9][0-9]{0,14}", value) else value


@fault("text", "body.name-verbatim", named("4711"), "json_encode of PHP with JSON_NUMERIC_CHECK")
def seventh_digits_are_written_as_numbers() -> ASGIApp:
    """Names, external_ids and values of metadata that consist of digits are written as numbers."""

    def change(shown: Object) -> Json:
        metadata = {key: _number(value) for key, value in shown["metadata"].items()}
        return {
            **shown,
            "name": _number(shown["name"]),
            "external_id": _number(shown["external_id"]),
            "metadata": metadata,
        }

    return reshaped(change)


def _lines(w: Wire) -> object:
    text = "1 Main Street\r\nSpringfield"
    return w.made(metadata={"address": text})["metadata"]["address"] != text


@fault("text", "body.metadata-values-verbatim", _lines, "texts are stored with the line ends of the server")
def seventh_line_ends_become_line_feeds() -> ASGIApp:
    """A carriage return before a line feed disappears from values of metadata."""
    return reading(metadata=values(lambda text: text.replace("\r\n", "\n")))


@fault(
    "text",
    "body.name-long",
    lambda w: len(w.made(name="N" * 300)["name"]) == 255,
    "VARCHAR(255) in a database that is not strict",
)
def seventh_names_end_at_255() -> ASGIApp:
    """A name of more than 255 characters is cut off without a word."""
    return reading(name=lambda name: name[:255])
