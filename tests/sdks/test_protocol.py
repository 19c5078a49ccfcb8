"""The schema of the driver protocol: what it takes, and what it does not."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import pytest
from jsonschema import Draft202012Validator

from sdks import protocol
from sdks.table import FOLDER

Json: TypeAlias = Any

SCHEMA = json.loads((FOLDER / "protocol.schema.json").read_text(encoding="utf-8"))

CALL: Json = {
    "cmd": "call",
    "seq": 0,
    "op": "get",
    "args": {"id": "org_1"},
    "client": {"base_url": "http://127.0.0.1:1", "api_key": "sk_1"},
    "opts": {},
    "limits": {"items": 1, "ms": 1},
}
STARTED: Json = {
    "type": "started",
    "protocol": 1,
    "sdk": "python",
    "package": "workos",
    "version": "10.8.0",
    "language": "Python 3.11.7",
    "operations": ["create"],
    "unsupported": {"null.create": "There is none."},
}
ERROR: Json = {"type": "error", "seq": 0, "class": "E", "is_sdk_error": True, "kind": "other"}


def is_valid(name: str, value: Json) -> bool:
    """Whether `value` is what the schema calls `name`."""
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]}).is_valid(value)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "message",
    [
        {"cmd": "start", "protocol": 1},
        {"cmd": "stop"},
        CALL,
        {**CALL, "op": "create", "args": {}},
        {**CALL, "op": "create", "args": {"name": 5, "metadata": None}},
        {**CALL, "op": "lookup", "args": {"external_id": "a/b"}},
        {**CALL, "op": "list", "args": {"limit": "x", "domains": None}},
        {**CALL, "opts": {"extra_headers": {"X-A": "b"}}},
        STARTED,
        {"type": "value", "seq": 0, "value": None},
        {"type": "value", "seq": 0, "value": {"data": []}, "complete": False},
        ERROR,
        {
            **ERROR,
            "status": 404,
            "code": None,
            "message": {"$map": {"A": 1}},
            "retry_after": 1.5,
            "items": [{"id": "1"}],
        },
        {"type": "unsupported", "seq": 0, "what": ["unknown.list.order"]},
        {"type": "harness_error", "seq": None, "message": "no"},
    ],
)
def test_messages_of_the_protocol(message: Json) -> None:
    assert Draft202012Validator(SCHEMA).is_valid(message)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"cmd": "start"},
        {"cmd": "start", "protocol": 2},
        {"cmd": "stop", "seq": 1},
        {**CALL, "seq": "0"},
        {**CALL, "op": "verify"},
        {**CALL, "args": {}},
        {**CALL, "args": {"id": None}},
        {**CALL, "args": {"id": "org_1", "name": "A"}},
        {**CALL, "op": "create", "args": {"id": "org_1"}},
        {**CALL, "op": "create", "args": {"stripe_customer_id": "cus_1"}},
        {**CALL, "op": "iterate", "args": {"cursor": "x"}},
        {**CALL, "client": {"base_url": "http://127.0.0.1:1"}},
        {**CALL, "client": {"base_url": "127.0.0.1:1", "api_key": "sk_1"}},
        {**CALL, "opts": {"timeout_ms": None}},
        {**CALL, "limits": {"items": 0, "ms": 1}},
        {key: value for key, value in CALL.items() if key != "limits"},
        {**STARTED, "unsupported": {"nulls": "There are none."}},
        {**STARTED, "unsupported": {"null.create": ""}},
        {**STARTED, "version": ""},
        {"type": "value", "seq": 0},
        {"type": "value", "value": 1},
        {**ERROR, "kind": "odd"},
        {key: value for key, value in ERROR.items() if key != "is_sdk_error"},
        {"type": "unsupported", "seq": 0, "what": []},
        {"type": "harness_error", "seq": 0},
    ],
)
def test_what_is_no_message_of_the_protocol(message: Json) -> None:
    assert not Draft202012Validator(SCHEMA).is_valid(message)


@pytest.mark.parametrize(
    ("data", "valid"),
    [
        ({"created_at": {"$date": "2026-01-15T12:00:00.000Z"}, "state": {"$enum": None}}, True),
        ({"metadata": {"$map": {"$date": "x", "createdAt": [{"$map": {}}], "": 1}}}, True),
        ([{"$other": "Decimal: 1"}, 1.5, True, None], True),
        ({"createdAt": "x"}, False),
        ({"$date": "x", "name": "y"}, False),
        ({"$date": 5}, False),
        ({"$set": "x"}, False),
        ({"$map": {"a": {"B": 1}}}, False),
    ],
)
def test_data_of_sdks(data: Json, valid: bool) -> None:
    assert is_valid("data", data) is valid


@pytest.mark.parametrize(
    "line", [b"", b"warning\n", b"[1]\n", b"\xff{}\n", b'{"type": "value", "seq": 0, "value": NaN}\n']
)
def test_a_line_that_is_no_reply(line: bytes) -> None:
    with pytest.raises(protocol.ProtocolError):
        protocol.decode(line)


def test_a_command_is_one_line_of_ascii() -> None:
    line = protocol.encode({**CALL, "op": "lookup", "args": {"external_id": "ä\n\u2028\ud800"}})
    assert line.isascii()
    assert line.count(b"\n") == 1
    assert json.loads(line)["args"] == {"external_id": "ä\n\u2028\ud800"}
