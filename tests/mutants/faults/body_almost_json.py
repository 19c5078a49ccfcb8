"""Bodies that are almost JSON and are taken for it."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

from emulator.validation import refuse_constant
from tests.mutants.parts.bodies import checking, loads, parsing
from tests.mutants.parts.failures import fail_when
from tests.mutants.planting import plant


def first_value(content: bytes) -> Any:
    """The JSON value with which a text begins."""
    return json.JSONDecoder(parse_constant=refuse_constant).raw_decode(content.decode().lstrip())[0]


def without_trailing_commas(content: bytes) -> Any:
    """JSON in which a comma may stand before a bracket."""
    return loads(re.sub(r",\s*([}\]])", r"\1", content.decode()))


def without_comments(content: bytes) -> Any:
    """JSON in which comments may stand."""
    return loads(re.sub(r"/\*.*?\*/|//[^\n\"]*$", "", content.decode(), flags=re.DOTALL | re.MULTILINE))


def python_literal(content: bytes) -> Any:
    """What Python writes in the place of JSON: single quotes, None, True."""
    try:
        return ast.literal_eval(content.decode())
    except SyntaxError as error:
        raise ValueError from error


def with_raw_control_characters(content: bytes) -> Any:
    """JSON with line breaks and tabs within strings."""
    return loads(content, strict=False)


def without_leading_zeros(content: bytes) -> Any:
    """JSON whose numbers may begin with zeros."""
    return loads(re.sub(r"(?<=[:\[,\s])0+(?=[0-9])", "", content.decode()))


def is_no_json(content: bytes) -> bool:
    """Whether a body is broken after its first value."""
    try:
        json.loads(content)
    except json.JSONDecodeError as error:
        return error.msg == "Extra data"
    except (ValueError, RecursionError):
        return False
    return False


# fmt: off
plant("trailing-commas-accepted", "body.almost-json", "A comma before a closing bracket is accepted.",
      parsing(without_trailing_commas))
plant("text-after-json-accepted", "body.almost-json", "Text after the JSON value is ignored.", parsing(first_value))
plant("nan-accepted", "body.almost-json", "NaN and Infinity are accepted as numbers.", parsing(json.loads))
plant("comments-accepted", "body.almost-json", "Comments in JSON are accepted.", parsing(without_comments))
plant("single-quotes-accepted", "body.almost-json", "JSON with single quotes is accepted.", parsing(python_literal))
plant("raw-line-breaks-accepted", "body.almost-json", "A line break within a string is accepted.",
      parsing(with_raw_control_characters))
plant("leading-zeros-accepted", "body.almost-json", "Numbers with leading zeros are accepted.",
      parsing(without_leading_zeros))
plant("text-after-json-fails", "body.almost-json", "Text after the JSON value makes the server fail.",
      checking(lambda content: fail_when(is_no_json(content))))
# fmt: on
