"""Faults of a process: it hangs, dies, or talks where it must not."""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

import httpx

from tests.mutants.sdks.call import Call, SdkError
from tests.mutants.sdks.release import Release


class HangsWithoutAnswer(Release):
    """Waits for ever for a response."""

    requirement = "sdk.error.timeout"

    def failed(self, error: httpx.TransportError) -> SdkError:
        if isinstance(error, httpx.TimeoutException):
            threading.Event().wait()
        return super().failed(error)


class HangsInLookups(Release):
    """Never comes back from a lookup that succeeded."""

    requirement = "sdk.error.unprovoked"

    def perform(self, call: Call) -> Any:
        given = super().perform(call)
        if call.op == "lookup":
            threading.Event().wait()
        return given


class DiesOfNull(Release):
    """Dies of an external_id that is null."""

    requirement = "sdk.error.unprovoked"

    def organization(self, value: Any) -> dict[str, Any]:
        given = super().organization(value)
        if given["external_id"] is None:
            os._exit(139)
        return given


class TalksOnStandardOutput(Release):
    """Prints a warning where the protocol is spoken."""

    requirement = "sdk.error.unprovoked"

    def perform(self, call: Call) -> Any:
        given = super().perform(call)
        if call.op == "update":
            sys.stdout.write("DeprecationWarning: update is old\n")
            sys.stdout.flush()
        return given
