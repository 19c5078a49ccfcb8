"""The driver that nothing here can run, by the words of the protocol's schema; and that no row pretends."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from sdks.errors import SdkError
from sdks.request import parse
from sdks.table import FOLDER, SDKS

PROTOCOL: dict[str, Any] = json.loads((FOLDER / "protocol.schema.json").read_text(encoding="utf-8"))["$defs"]


def test_the_driver_for_dotnet_knows_every_word_of_the_protocol() -> None:
    source = (SDKS["dotnet"].folder / "Driver.cs").read_text(encoding="utf-8")
    literals = set(re.findall(r'"([^"\n]*)"', source))
    arguments = {
        argument
        for operation in ("create", "update", "id", "lookup", "list")
        for argument in PROTOCOL[f"{operation}_args"]["properties"]
    }
    options = {name for name in PROTOCOL["opts"]["properties"] if f"opts.{name}" not in SDKS["dotnet"].unsupported}
    client, limits = PROTOCOL["client"]["properties"], PROTOCOL["limits"]["properties"]
    assert {*PROTOCOL["operation"]["enum"], *arguments, *options, *client, *limits} <= literals
    replies = ("started", "value", "error", "harness_error")
    required = {member for reply in replies for member in PROTOCOL[reply]["required"]}
    assert required | {"status", "message", "items", "complete"} <= literals
    kinds = set(re.findall(r"=> \"(\w+)\",", source))
    assert {"not_found", "other"} <= kinds <= set(PROTOCOL["kind"]["enum"])


@pytest.mark.parametrize("name", ["php", "ruby", "dotnet"])
def test_an_sdk_without_a_release_at_hand_is_had_as_a_checkout_only(name: str) -> None:
    with pytest.raises(SdkError, match="give a checkout"):
        parse(name)
