"""How organizations look."""

from __future__ import annotations

import time

from starlette.types import ASGIApp

from emulator.changes import Changes
from emulator.identifiers import now
from tests.blind.parts.apps import app
from tests.blind.parts.interception import reshaped
from tests.blind.parts.messages import Json, Object, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


@fault(
    "shape",
    "organization.object",
    lambda w: "object" not in w.listed(w.made()["id"]),
    "only the serializer of a single resource adds the name of its kind",
)
def sixth_listed_without_object() -> ASGIApp:
    """Organizations within a list do not say what they are."""
    return reshaped(lambda shown: without(shown, "object"), "list")


@fault(
    "shape",
    "organization.name",
    lambda w: (made := w.create(name="")).status_code == 201 and w.shown(made.json()["id"])["name"] is None,
    "Oracle keeps an empty text as NULL",
)
def sixth_empty_name_is_null() -> ASGIApp:
    """An empty name, which a create takes, is null from then on."""
    return reshaped(lambda shown: {**shown, "name": shown["name"] or None}, "get", "lookup", "list", "update")


def _like_php(metadata: Object) -> Json:
    """The pairs as PHP's json_encode writes an array; an empty one was mended by hand."""
    numbered = list(metadata) == [str(number) for number in range(len(metadata))]
    return list(metadata.values()) if metadata and numbered else metadata


@fault(
    "shape",
    "organization.metadata",
    lambda w: w.made(metadata={"0": "a", "1": "b"})["metadata"] == ["a", "b"],
    "PHP's json_encode makes a list of an array whose keys count from 0",
)
def sixth_numbered_metadata_are_list() -> ASGIApp:
    """Metadata under the keys 0, 1, 2 and so on are shown as a list."""
    return reshaped(lambda shown: {**shown, "metadata": _like_php(shown["metadata"])})


@fault(
    "shape",
    "organization.external-id",
    lambda w: "external_id" not in w.changed(w.made(external_id=token())["id"], external_id=None),
    "omitempty, in the response of one operation",
)
def sixth_update_leaves_out_null_external_id() -> ASGIApp:
    """The answer to an update leaves external_id out where it is null."""
    return reshaped(lambda shown: {n: v for n, v in shown.items() if n != "external_id" or v is not None}, "update")


@fault(
    "timestamps",
    "organization.updated-at",
    lambda w: isinstance(w.changed(w.made()["id"], name="New")["updated_at"], dict),
    "an expression of SQL in a field of the model, shown before it is read again",
)
def sixth_update_shows_expression() -> ASGIApp:
    """The answer to an update shows updated_at as the call that the database was sent."""
    return reshaped(lambda shown: {**shown, "updated_at": {"fn": "NOW", "args": []}}, "update")


def _standing(w: Wire) -> object:
    w.made()
    first = w.made()["created_at"]
    time.sleep(1.2)
    return w.made()["created_at"] == first


@fault("timestamps", "organization.clock", _standing, "a clock that is read now and then, to save the system call")
def sixth_clock_is_kept_for_seconds() -> ASGIApp:
    """The clock is read again only when ten seconds have passed."""

    class Kept(Changes):
        read = 0

        def now(self) -> int:
            if now() - self.read > 10_000:
                self.read = now()
            return self.read

    return app(changes=Kept())
