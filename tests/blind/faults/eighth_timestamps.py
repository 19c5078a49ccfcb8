"""Moments that are shown by a mock of a few lines."""

from __future__ import annotations

import time

from starlette.types import ASGIApp

from emulator.identifiers import now
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing
from tests.blind.registry import fault
from tests.blind.wire import Wire


@fault(
    "timestamps",
    "organization.created-at",
    lambda w: not w.made()["created_at"].endswith("Z"),
    "Python: datetime.utcnow().isoformat(timespec='milliseconds')",
)
def eighth_timestamps_have_no_zone() -> ASGIApp:
    """Timestamps name no time zone."""

    class Naive(Responses):
        def timestamp(self, moment: int) -> str:
            return super().timestamp(moment).removesuffix("Z")

    return app(responses=Naive())


def _one_moment(w: Wire) -> object:
    first = w.made()["created_at"]
    time.sleep(0.02)
    return w.made()["created_at"] == first


@fault("timestamps", "organization.clock", _one_moment, "Python: def create(name, created_at=now()), evaluated once")
def eighth_everything_was_created_at_the_start() -> ASGIApp:
    """created_at of every organization is the moment at which the server was started."""
    started = Responses().timestamp(now())
    return showing(lambda shown, _: {**shown, "created_at": started})
