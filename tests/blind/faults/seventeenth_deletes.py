"""Deletes, and updates that should remove, as real back ends carried them out."""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.asking import fields
from tests.blind.parts.interception import on_request
from tests.blind.parts.messages import Reply, bad_request, without
from tests.blind.parts.seventeenth import replying
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, deleted, domain, pending, token, verified


def _crashing_delete(w: Wire) -> object:
    id = w.made(domain_data=pending(domain()))["id"]
    return w.delete(id).status_code == 500


@fault("delete", "delete.answers", _crashing_delete, "a foreign key without ON DELETE CASCADE")
def seventeenth_domains_hold_on() -> ASGIApp:
    """A delete of an organization that has domains fails."""

    class Holding(Api):
        def delete(self, call: Call) -> Any:
            if self.known(call.path["id"]).domains:
                return self.responses.failed(500, "Internal Server Error")
            return super().delete(call)

    return app(api=Holding)


@fault(
    "delete", "delete.answers", lambda w: w.delete(w.made()["id"]).status_code == 204, "the habit of most frameworks"
)
def seventeenth_delete_answers_204() -> ASGIApp:
    """A delete answers 204."""
    return replying(
        lambda request, response: request.operation == "delete" and response.good,
        lambda _: Reply(204, (("x-request-id", "planted-request"),), b""),
    )


class Keeping(Store):
    """A store that remembers the external_ids of what is deleted."""

    def __init__(self) -> None:
        super().__init__()
        self.external_ids: set[str | None] = set()

    def delete(self, organization: Organization) -> None:
        """Deletes and remembers."""
        self.external_ids.add(organization.external_id)
        super().delete(organization)


def _not_freed(w: Wire) -> object:
    made = deleted(w, external_id=token())
    return w.create(external_id=made["external_id"]).status_code == 400


@fault("delete", "delete.frees-external-id", _not_freed, "a unique index beside deleted_at")
def seventeenth_deleted_external_ids_stay_taken() -> ASGIApp:
    """The external_id of a deleted organization stays taken."""
    store = Keeping()
    outer = app(store)

    return on_request(
        lambda request: (
            bad_request("external_id_already_used")
            if fields(request).get("external_id") and fields(request)["external_id"] in store.external_ids
            else request
        ),
        outer,
    )


def _rails(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    return len(w.changed(id, domain_data=[])["domains"]) == 1


@fault("domains", "update.no-domains", _rails, "Rails: deep_munge makes null of an empty array", level=SHOULD)
def seventeenth_no_domains_count_as_left_out() -> ASGIApp:
    """An empty domain_data in an update removes no domain."""

    class Munged(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            given = without(dict(body), "domain_data") if body.get("domain_data") == [] else body
            return super().replaced_domains(known, given, moment)

    return app(changes=Munged())
