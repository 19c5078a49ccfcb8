"""Releases that the gate must not judge at all: nobody could say what was judged."""

from __future__ import annotations

import os
from typing import Any

from tests.mutants.sdks.call import Call
from tests.mutants.sdks.release import Release


class NamesAnotherRelease(Release):
    """Says in its User-Agent that it is another release."""

    def headers(self, call: Call, attempt: int) -> dict[str, str]:
        return super().headers(call, attempt) | {"user-agent": "workos-stand-in/0.9.0"}


class SendsNothing(Release):
    """Answers from nowhere."""

    def perform(self, call: Call) -> Any:
        return {"object": "organization", "id": "org_1"}


class DiesAtOnce(Release):
    """Dies before it has said what it is."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        os._exit(1)
