"""A team with Rails and MySQL."""

from __future__ import annotations

import dataclasses
import re
from urllib.parse import unquote

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.records import Organization
from emulator.refusals import NotFound, Taken
from emulator.store import Store
from tests.blind.parts.apps import app, reading
from tests.blind.parts.interception import Forward, intercepting, lenient, on_request, on_response
from tests.blind.parts.messages import Object, Reply, Request, crash
from tests.blind.parts.stores import matching
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

STOP_WORDS = "about|are|com|for|from|how|that|the|this|was|what|when|where|who|will|with|und|www"
"""Of InnoDB's indexes for full text."""


def _comment(w: Wire) -> object:
    return w.post('{"name": /* of the customer */ "Comment"}').status_code == 201


@fault("bodies", "body.almost-json", _comment, "Ruby's JSON.parse skipped comments up to version 2.10")
def twelfth_comments_in_bodies_are_skipped() -> ASGIApp:
    """A body with a comment between its tokens is accepted."""

    def skipped(request: Request) -> Request:
        if request.operation not in ("create", "update") or request.json is not None:
            return request
        return request.replaced(body=re.sub(rb"/\*.*?\*/", b"", request.body))

    return on_request(skipped)


def _format(w: Wire) -> object:
    external_id = f"{token()}.json"
    w.made(external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("lookup", "lookup.answers", _format, "Rails: the route ends in (.:format)")
def twelfth_lookup_takes_an_ending_for_a_format() -> ASGIApp:
    """A lookup takes .json or .xml at the end of an external_id as the format of the answer."""

    def cut(request: Request) -> Request:
        path = re.sub(r"(?<=.)\.(json|xml)$", "", request.path)
        return request.replaced(path=path) if request.operation == "lookup" else request

    return on_request(cut)


def _same_again(w: Wire) -> object:
    made = w.made(name="Same")
    return w.update(made["id"], name="Same").status_code == 404


@fault("update", "update.answers", _same_again, "MySQL: affected_rows is 0 where a row has the values already")
def twelfth_update_without_change_finds_nothing() -> ASGIApp:
    """An update with values that the organization already has answers 404."""

    class Affected(Changes):
        def updated(self, known: Organization, body: Body) -> Organization:
            made = super().updated(known, body)
            if dataclasses.replace(made, updated_at=known.updated_at) == known:
                raise NotFound(known.id)
            return made

    return app(changes=Affected())


def _other_case(w: Wire) -> object:
    end = token()[-10:]
    first, second = w.many(2)
    w.changed(first, stripe_customer_id=f"cus_abcd{end}")
    return w.update(second, stripe_customer_id=f"cus_ABCD{end}").status_code == 400


@fault("update", "update.accepts-valid-bodies", _other_case, "MySQL: a unique index under utf8mb4_0900_ai_ci")
def twelfth_stripe_customers_in_another_case_are_the_same() -> ASGIApp:
    """A stripe_customer_id that differs from another organization's in case alone answers 400."""

    class Collated(Store):
        def update(self, organization: Organization) -> None:
            taken = self._connection.execute(
                "SELECT id FROM organization WHERE lower(stripe_customer_id) = lower(?) AND id <> ?",
                (organization.stripe_customer_id, organization.id),
            )
            if taken.fetchone():
                raise Taken("stripe_customer_id")
            super().update(organization)

    return app(Collated())


@fault(
    "lookup",
    "lookup.unknown",
    lambda w: w.lookup("müller-gmbh").status_code == 500,
    "MySQL: Illegal mix of collations, where an ASCII column meets another text",
)
def twelfth_lookup_of_other_letters_crashes() -> ASGIApp:
    """A lookup of a text with letters beyond ASCII answers 500."""

    def mixed(request: Request) -> Request | Reply:
        return crash() if request.operation == "lookup" and not unquote(request.last).isascii() else request

    return on_request(mixed)


def _stop_word(w: Wire) -> object:
    id = w.made(name="About")["id"]
    return id not in w.ids(search="About")


@fault("search", "list.search", _stop_word, "MySQL: the stop words of FULLTEXT indexes")
def twelfth_search_has_stop_words() -> ASGIApp:
    """A search for nothing but a common English word finds nothing."""
    return matching(
        lambda text, found: not re.fullmatch(STOP_WORDS, text.lower()) and text.casefold() in found.name.casefold()
    )


def _short(w: Wire) -> object:
    id = w.made(name="HP")["id"]
    return id not in w.ids(search="HP")


@fault("search", "list.search", _short, "MySQL: innodb_ft_min_token_size is 3")
def twelfth_search_wants_three_characters() -> ASGIApp:
    """A search for one or two characters finds nothing."""
    return matching(lambda text, found: len(text) > 2 and text.casefold() in found.name.casefold())


def _touched(w: Wire) -> object:
    name = domain()
    other = w.made(domain_data=verified(name))
    w.changed(w.made()["id"], domain_data=verified(name))
    return w.shown(other["id"])["updated_at"] != other["updated_at"]


@fault("domains", "update.leaves-others-alone", _touched, "Rails: touch: true over a table that joins both ways")
def twelfth_sharing_a_domain_moves_updated_at() -> ASGIApp:
    """An update that gives an organization another's domain moves the other's updated_at."""

    class Touching(Store):
        def update(self, organization: Organization) -> None:
            before = self.by_id(organization.id)
            super().update(organization)
            had = {each.domain for each in before.domains} if before else set()
            for name in {each.domain for each in organization.domains} - had:
                self._connection.execute(
                    "UPDATE organization SET updated_at = max(updated_at + 1, ?) WHERE id <> ? AND id IN "
                    "(SELECT organization_id FROM organization_domain WHERE domain = ?)",
                    (organization.updated_at, organization.id, name),
                )

    return app(Touching())


def _munged(body: Object) -> Object:
    return {
        name: [item for item in value if item is not None]
        if name in ("domains", "domain_data") and isinstance(value, list)
        else value
        for name, value in body.items()
    }


@fault(
    "bodies",
    "body.domain-data-type",
    lambda w: w.create(domain_data=[None]).status_code == 201,
    "Rails: deep_munge compacts arrays of parameters",
)
def twelfth_null_among_domains_is_dropped() -> ASGIApp:
    """null among domains or domain_data is dropped and not refused."""
    return lenient(_munged)


def _taken_away(w: Wire) -> object:
    name = domain()
    ids = [w.made(domain_data=verified(name))["id"] for _ in range(2)]
    w.changed(ids[0], domain_data=verified(domain()))
    return w.shown(ids[1])["domains"] == []


@fault("domains", "update.leaves-others-alone", _taken_away, "Rails: Domain.where(domain: dropped).destroy_all")
def twelfth_dropped_domains_go_everywhere() -> ASGIApp:
    """A domain that an update drops is taken from every other organization that has it as well."""

    class Dropping(Store):
        def update(self, organization: Organization) -> None:
            before = self.by_id(organization.id)
            super().update(organization)
            kept = {each.domain for each in organization.domains}
            for each in before.domains if before else ():
                if each.domain not in kept:
                    self._connection.execute("DELETE FROM organization_domain WHERE domain = ?", (each.domain,))

    return app(Dropping())


def _within_a_second(w: Wire) -> object:
    for _ in range(3):
        made = w.made(name="First")
        w.get(made["id"])
        changed = w.changed(made["id"], name="Second")
        if changed["updated_at"][:19] == made["updated_at"][:19]:
            return w.shown(made["id"])["name"] == "First"
    return None


@fault("caches", "get.current-state", _within_a_second, "Rails: a cache key of id and updated_at in whole seconds")
def twelfth_gets_are_cached_for_the_second() -> ASGIApp:
    """A get shows an organization as an earlier get did, where it was last changed within the same second."""
    cached: dict[tuple[str, str], Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation != "get" or response.status != 200:
            return response
        return cached.setdefault((request.last, response.json["updated_at"][:19]), response)

    return intercepting(handle)


def _wrong_code(w: Wire) -> object:
    customer = f"cus_{token()}"
    ids = w.many(2)
    w.changed(ids[0], stripe_customer_id=customer)
    return w.update(ids[1], stripe_customer_id=customer).json()["code"] == "external_id_already_used"


@fault("errors", "update.stripe-customer-id-taken", _wrong_code, "Rails: rescue ActiveRecord::RecordNotUnique, for all")
def twelfth_every_conflict_is_of_external_id() -> ASGIApp:
    """A stripe_customer_id that is taken answers with the code of an external_id that is taken."""

    def rescued(_: Request, response: Reply) -> Reply:
        body = response.body.replace(b'"stripe_customer_id_already_used"', b'"external_id_already_used"')
        return response.replaced(body=body) if response.status == 400 else response

    return on_response(rescued)


@fault(
    "names",
    "body.name-verbatim",
    lambda w: w.made(name="-40 Degrees")["name"] == "'-40 Degrees",
    "A guard against formulas in exported spreadsheets",
)
def twelfth_formulas_get_an_apostrophe() -> ASGIApp:
    """A name that begins with =, +, - or @ gets an apostrophe in front of it."""
    return reading(name=lambda name: f"'{name}" if name.startswith(("=", "+", "-", "@")) else name)
