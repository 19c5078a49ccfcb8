"""The emulator with some of its parts exchanged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp

from emulator.api import Api
from emulator.changes import Changes
from emulator.idempotency import Replays
from emulator.paging import Pages
from emulator.records import Domain, Organization
from emulator.responses import Responses
from emulator.store import Store
from emulator.validation import Rules
from tests.blind.parts.messages import Object
from tests.mutants.planting import KEY


def app(
    store: Store | None = None,
    *,
    api: type[Api] = Api,
    rules: Rules | None = None,
    changes: Changes | None = None,
    pages: Callable[[Store], Pages] = Pages,
    responses: Responses | None = None,
    replays: Replays | None = None,
) -> ASGIApp:
    """The API with some parts exchanged."""
    kept = store or Store()
    return api(kept, KEY, rules=rules, changes=changes, pages=pages(kept), responses=responses, replays=replays).app()


def reading(*, create: bool = True, update: bool = True, **fields: Callable[[Any], Any]) -> ASGIApp:
    """An app that takes valid values of some fields for something else, null excepted."""

    def read(body: Object) -> Object:
        return {name: fields[name](v) if name in fields and v is not None else v for name, v in body.items()}

    class Reading(Rules):
        def create(self, content: bytes) -> Object:
            body = super().create(content)
            return read(body) if create else body

        def update(self, content: bytes) -> Object:
            body = super().update(content)
            return read(body) if update else body

    return app(rules=Reading())


def values(change: Callable[[str], Any]) -> Callable[[Object], Object]:
    """Changes each value of metadata; one that becomes None goes."""

    def changed(metadata: Object) -> Object:
        found = {key: None if v is None else change(v) for key, v in metadata.items()}
        return {key: v for key, v in found.items() if v is not None or metadata[key] is None}

    return changed


def keys(change: Callable[[str], str | None]) -> Callable[[Object], Object]:
    """Changes each key of metadata; one that becomes None goes."""
    return lambda metadata: {new: v for key, v in metadata.items() if (new := change(key)) is not None}


def showing(change: Callable[[Object, Organization], Object]) -> ASGIApp:
    """An app whose organizations look otherwise."""

    class Showing(Responses):
        def organization(self, organization: Organization) -> Object:
            return change(super().organization(organization), organization)

    return app(responses=Showing())


def showing_domains(change: Callable[[Object, Domain], Object]) -> ASGIApp:
    """An app whose domains look otherwise."""

    class Showing(Responses):
        def domain(self, organization: Organization, domain: Domain) -> Object:
            return change(super().domain(organization, domain), domain)

    return app(responses=Showing())
