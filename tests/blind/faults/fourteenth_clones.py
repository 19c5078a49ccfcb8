"""Clones that a coding assistant wrote in an afternoon, from the page alone."""

from __future__ import annotations

from starlette.types import ASGIApp

from tests.blind.parts.apps import showing_domains
from tests.blind.parts.interception import on_request, strict
from tests.blind.parts.messages import Object, Reply, Request, unprocessable
from tests.blind.parts.stores import filtering
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, pending, verified


def _long_ending(w: Wire) -> object:
    name = domain().replace(".com", ".technology")
    return w.update(w.made()["id"], domain_data=verified(name)).status_code == 422


@fault("domains", "body.domain-names-verbatim", _long_ending, r"/^([a-z0-9-]+\.)+[a-z]{2,6}$/")
def fourteenth_endings_have_six_letters() -> ASGIApp:
    """A domain whose last label has more than six letters is refused."""

    def refused(body: Object) -> Reply | None:
        given = body.get("domain_data")
        items = given if isinstance(given, list) else ()
        names = (each.get("domain") for each in items if isinstance(each, dict))
        long = any(isinstance(name, str) and len(name.rpartition(".")[2]) > 6 for name in names)
        return unprocessable("domain_data") if long else None

    return strict(refused)


def _dashboard(w: Wire) -> object:
    shown = w.http.get("/organizations", headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"})
    return shown.headers["content-type"].startswith("text/html")


@fault("headers", "list.any-client", _dashboard, "an emulator with a dashboard at the same addresses")
def fourteenth_browsers_see_a_dashboard() -> ASGIApp:
    """A client that calls itself Mozilla is given a page of HTML in the place of a list."""

    def page(request: Request) -> Request | Reply:
        browser = request.operation == "list" and request.header("user-agent").startswith("Mozilla/")
        html = (("content-type", "text/html; charset=utf-8"),)
        return Reply(200, html, b"<!doctype html><title>Organizations</title>") if browser else request

    return on_request(page)


def _not_found_by(w: Wire) -> object:
    name = domain()
    return w.made(domains=[name])["id"] not in w.ids(domains=name)


@fault("domains", "list.domain", _not_found_by, "the deprecated domains are kept in a list of their own")
def fourteenth_filter_knows_domain_data_alone() -> ASGIApp:
    """The filter by domain does not find organizations that got the domain through the deprecated domains."""
    return filtering(lambda found, name: any(d.domain == name and d.state != "legacy_verified" for d in found.domains))


@fault(
    "domains",
    "domain.verification-token",
    lambda w: w.made(domain_data=pending(domain()))["domains"][0].get("verification_token", "") is None,
    "optional in the document, so null until somebody verifies",
)
def fourteenth_pending_domain_has_a_null_token() -> ASGIApp:
    """The verification_token of a pending domain is null."""
    return showing_domains(lambda shown, of: {**shown, "verification_token": None} if of.state == "pending" else shown)
