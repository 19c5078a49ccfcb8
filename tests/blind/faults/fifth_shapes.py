"""Responses whose form is wrong in one operation or on one condition."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp

from tests.blind.parts.apps import showing_domains
from tests.blind.parts.interception import on_response, relisted, reshaped
from tests.blind.parts.messages import Object, Reply, Request, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

KIND = "fifth: shapes"
FLAG = "allow_profiles_outside_organization"


def in_domains(change: Callable[[Object], Object], *operations: str) -> ASGIApp:
    """An app whose domains look otherwise in the responses of some operations."""
    return reshaped(lambda shown: {**shown, "domains": [change(each) for each in shown["domains"]]}, *operations)


def updated(w: Wire, **body: object) -> Object:
    return w.changed(w.made()["id"], **body)


@fault(KIND, "organization.object", lambda w: updated(w, name="b")["object"] == "Organization", "a class name")
def fifth_update_answers_with_a_class_name() -> ASGIApp:
    """The answer to an update calls itself Organization."""
    return reshaped(lambda shown: {**shown, "object": "Organization"}, "update")


@fault(
    KIND,
    "organization.created-at",
    lambda w: not str(w.listed(w.made()["id"])["created_at"]).endswith("Z"),
    "a timestamp without time zone",
)
def fifth_list_shows_created_at_without_zone() -> ASGIApp:
    """Lists show created_at without a time zone."""
    return reshaped(lambda shown: {**shown, "created_at": shown["created_at"].rstrip("Z")}, "list")


@fault(
    KIND,
    "organization.updated-at",
    lambda w: isinstance(updated(w, name="b")["updated_at"], int),
    "a moment that is written in milliseconds",
)
def fifth_update_answers_with_a_number_for_updated_at() -> ASGIApp:
    """The answer to an update shows updated_at as a number."""
    return reshaped(lambda shown: {**shown, "updated_at": 1790000000000}, "update")


@fault(
    KIND,
    "organization.stripe-customer-id",
    lambda w: w.shown(w.made()["id"]).get("stripe_customer_id", "") is None,
    "a serializer that writes nulls",
)
def fifth_get_shows_null_for_no_customer() -> ASGIApp:
    """A get shows a stripe_customer_id of null when there is none."""
    return reshaped(lambda shown: {"stripe_customer_id": None, **shown}, "get")


@fault(
    KIND,
    "organization.external-id",
    lambda w: "external_id" not in w.listed(w.made()["id"]),
    "a list that leaves out what is null",
)
def fifth_list_leaves_out_null_external_id() -> ASGIApp:
    """Lists leave out an external_id of null."""
    return reshaped(lambda shown: shown if shown["external_id"] else without(shown, "external_id"), "list")


@fault(KIND, "organization.allow-profiles", lambda w: type(w.listed(w.made()["id"])[FLAG]) is int, "TINYINT(1)")
def fifth_list_shows_the_flag_as_number() -> ASGIApp:
    """Lists show allow_profiles_outside_organization as 0 or 1."""
    return reshaped(lambda shown: {**shown, FLAG: int(shown[FLAG])}, "list")


def no_moment(w: Wire) -> bool:
    return "updated_at" not in updated(w, domain_data=verified(domain()))["domains"][0]


@fault(KIND, "domain.updated-at", no_moment, "columns that the database fills")
def fifth_update_answers_with_domains_without_updated_at() -> ASGIApp:
    """The answer to an update has domains without updated_at."""
    return in_domains(lambda each: without(each, "updated_at"), "update")


def capital(w: Wire) -> bool:
    id = w.made(domain_data=verified(domain()))["id"]
    return bool(w.listed(id)["domains"][0]["state"] == "VERIFIED")


@fault(KIND, "domain.state", capital, "the name of an enum's member")
def fifth_list_shows_states_in_capitals() -> ASGIApp:
    """Lists show the states of domains in capitals."""
    return in_domains(lambda each: {**each, "state": each["state"].upper()}, "list")


def no_strategy(w: Wire) -> bool:
    return w.made(domains=[domain()])["domains"][0].get("verification_strategy", "") is None


@fault(KIND, "domain.verification-strategy", no_strategy, "null for what nobody said")
def fifth_deprecated_domains_show_null_strategy() -> ASGIApp:
    """A domain made through the deprecated domains shows a verification_strategy of null."""
    return showing_domains(lambda shown, each: {"verification_strategy": None, **shown})


@fault(KIND, "list.cursors", lambda w: "before" not in w.list(order="desc").json()["list_metadata"], "omitempty")
def fifth_first_page_leaves_out_before() -> ASGIApp:
    """A list leaves out the cursor before when it is null."""

    def change(page: Object) -> Object:
        cursors = page["list_metadata"]
        return {**page, "list_metadata": cursors if cursors["before"] else without(cursors, "before")}

    return relisted(change)


@fault(KIND, "list.data", lambda w: w.list(search=token()).json()["data"] is None, "a nil slice")
def fifth_empty_list_has_null_for_data() -> ASGIApp:
    """A list without organizations has data of null."""
    return relisted(lambda page: {**page, "data": page["data"] or None})


def same_domain_id(w: Wire) -> bool:
    name = domain()
    first, second = (w.made(domain_data=verified(name))["domains"][0]["id"] for _ in range(2))
    return bool(first == second)


@fault(KIND, "domain.ids-differ", same_domain_id, "a table of domains that organizations share")
def fifth_shared_domain_has_one_id() -> ASGIApp:
    """A domain that two organizations have has the same id in both."""
    ids: dict[str, str] = {}
    return showing_domains(lambda shown, each: {**shown, "id": ids.setdefault(each.domain, each.id)})


def outside(w: Wire) -> bool:
    external_id = token()
    made = w.made(external_id=external_id, domain_data=verified(domain()))
    return bool(made["domains"][0]["organization_id"] == external_id)


@fault(KIND, "domain.organization-id", outside, "coalesce(external_id, id)")
def fifth_domains_name_the_external_id() -> ASGIApp:
    """A domain names the external_id of its organization, where it has one, as organization_id."""

    def change(shown: Object) -> Object:
        owner = shown["external_id"] or shown["id"]
        return {**shown, "domains": [{**each, "organization_id": owner} for each in shown["domains"]]}

    return reshaped(change)


def epoch(w: Wire) -> bool:
    id = w.made(domain_data=verified(domain()))["id"]
    return str(w.shown(id)["domains"][0]["created_at"]).startswith("1970")


@fault(KIND, "domain.created-at", epoch, "a column that an older migration did not fill")
def fifth_get_shows_domains_of_1970() -> ASGIApp:
    """A get shows domains that were created in 1970."""
    return in_domains(lambda each: {**each, "created_at": "1970-01-01T00:00:00.000Z"}, "get")


@fault(
    KIND,
    "answer.json",
    lambda w: w.create(name="\xe9").content.find(b'\xe9"') > 0,
    "latin-1 as the default of a servlet",
)
def fifth_create_answers_in_latin_1() -> ASGIApp:
    """The answer to a create is in Latin-1 where its characters allow that."""

    def change(request: Request, response: Reply) -> Reply:
        text = response.body.decode()
        fits = request.operation == "create" and response.good and all(ord(each) < 256 for each in text)
        return response.replaced(body=text.encode("latin-1")) if fits else response

    return on_response(change)


@fault(
    KIND,
    "answer.request-id",
    lambda w: "x-request-id" not in w.delete(w.made()["id"]).headers,
    "a response that is made past the middleware",
    level="SHOULD",
)
def fifth_delete_has_no_request_id() -> ASGIApp:
    """A delete answers without an X-Request-ID."""
    return on_response(
        lambda request, response: (
            response.with_header("x-request-id", None) if request.operation == "delete" else response
        )
    )


@fault(
    KIND,
    "organization.timestamp-form",
    lambda w: len(str(updated(w, name="b")["updated_at"])) == 27,
    "a moment of the application's clock, not the database's",
    level="SHOULD",
)
def fifth_update_answers_with_microseconds() -> ASGIApp:
    """The answer to an update shows updated_at with six decimals."""
    return reshaped(lambda shown: {**shown, "updated_at": shown["updated_at"].replace("Z", "000Z")}, "update")
