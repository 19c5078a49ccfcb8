"""Limits of metadata."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.types import ASGIApp

from emulator.changes import Changes
from emulator.refusals import InvalidMetadata
from tests.blind.parts.apps import app
from tests.blind.parts.interception import lenient, strict
from tests.blind.parts.messages import Object, Reply, bad_request, pairs
from tests.blind.registry import fault


@fault(
    "metadata",
    "create.accepts-valid-bodies",
    lambda w: w.create(metadata={f"k{i}": "v" for i in range(10)}).status_code != 201,
    "D: up to 10 pairs; an off-by-one",
)
def metadata_tenth_pair_refused() -> ASGIApp:
    """Ten pairs of metadata are refused: the limit counts wrongly by one."""
    return strict(lambda body: bad_request("invalid_metadata") if len(pairs(body)) > 9 else None)


@fault(
    "metadata",
    "create.accepts-valid-bodies",
    lambda w: w.create(metadata={"k" * 40: "v"}).status_code != 201,
    "O keys have at most 40 characters; an off-by-one",
)
def metadata_key_of_forty_refused() -> ASGIApp:
    """A metadata key of exactly 40 characters is refused."""

    def judged(body: Object) -> Reply | None:
        metadata = body.get("metadata")
        long = isinstance(metadata, dict) and any(len(key) >= 40 for key in metadata)
        return bad_request("invalid_metadata") if long else None

    return strict(judged)


@fault(
    "metadata",
    "update.accepts-valid-bodies",
    lambda w: (
        w.update(
            w.made(metadata={f"k{i}": "a" for i in range(6)})["id"], metadata={f"k{i}": "b" for i in range(6)}
        ).status_code
        != 200
    ),
    "a limit on known plus given",
)
def metadata_known_keys_counted_twice() -> ASGIApp:
    """An update counts the known and the given pairs together against ten, though they share their keys."""

    class Counting(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            if len(known) + len(given) > 10:
                raise InvalidMetadata("metadata must have at most 10 pairs")
            return super().merged(known, given)

    return app(changes=Counting())


def _shortened(length: int) -> Callable[[Object], Object]:
    return lambda body: (
        {**body, "metadata": {k[:length]: v for k, v in body["metadata"].items()}}
        if isinstance(body.get("metadata"), dict)
        else body
    )


@fault(
    "metadata",
    "body.metadata-long-key",
    lambda w: w.create(metadata={"k" * 41: "v"}).status_code == 201,
    "a column that cuts",
)
def metadata_long_key_cut() -> ASGIApp:
    """A metadata key of more than 40 characters is cut to 40 and accepted."""
    return lenient(_shortened(40))


@fault(
    "metadata",
    "body.metadata-long-value",
    lambda w: w.update(w.made()["id"], metadata={"k": "v" * 601}).status_code == 200,
    "validation on one of two routes",
)
def metadata_long_value_accepted_by_update() -> ASGIApp:
    """Update does not look at the length of metadata values and cuts what is too long."""

    def cut(body: Object) -> Object:
        given = body.get("metadata")
        if not isinstance(given, dict):
            return body
        return {**body, "metadata": {k: v[:600] if isinstance(v, str) else v for k, v in given.items()}}

    return lenient(cut, "update")


@fault(
    "metadata",
    "body.metadata-too-many",
    lambda w: w.create(metadata={f"k{i}": "v" for i in range(51)}).status_code == 201,
    "O at most 50 pairs",
)
def metadata_pairs_beyond_fifty_dropped() -> ASGIApp:
    """More than 50 pairs of metadata are accepted; those beyond are dropped."""

    def dropped(body: Object) -> Object:
        given = body.get("metadata")
        return {**body, "metadata": dict(list(given.items())[:50])} if isinstance(given, dict) else body

    return lenient(dropped, "create")
