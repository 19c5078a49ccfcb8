"""What a delete answers, and what it takes along."""

from __future__ import annotations

from starlette.types import ASGIApp

from emulator.records import Organization
from emulator.store import Store
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_response
from tests.blind.parts.messages import Reply, Request
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, verified


def _taken_along(w: Wire) -> object:
    name = domain()
    first, second = (w.made(domain_data=verified(name))["id"] for _ in range(2))
    w.delete(first)
    return w.shown(second)["domains"] == []


@fault("deletes", "delete.leaves-others-alone", _taken_along, "the service of domains deletes by name")
def eighth_delete_takes_shared_domains_along() -> ASGIApp:
    """A delete takes the domains of the organization away from others that share them."""

    class Shared(Store):
        def delete(self, organization: Organization) -> None:
            for each in organization.domains:
                self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))
            super().delete(organization)

    return app(Shared())


@fault(
    "deletes",
    "delete.answers",
    lambda w: w.delete(w.made()["id"]).status_code == 204,
    "the habit of most frameworks: head :no_content",
)
def eighth_delete_has_no_content() -> ASGIApp:
    """A delete answers 204."""

    def altered(request: Request, response: Reply) -> Reply:
        if request.operation != "delete" or not response.good:
            return response
        return response.replaced(status=204, body=b"").with_header("content-type", None)

    return on_response(altered)
