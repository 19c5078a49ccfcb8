"""Answers are written by a new serializer, in the language of the client."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import httpx
from starlette.types import ASGIApp

from emulator.paging import Page
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing
from tests.blind.parts.interception import on_request, on_response, reshaped
from tests.blind.parts.messages import Json, Object, Reply, Request, reply, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


def _in_utc(value: str) -> str:
    if not MOMENT.fullmatch(value):
        return value
    return datetime.fromisoformat(value).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@fault(
    "serializer",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"a": "2024-05-01T10:00:00+02:00"})["metadata"]["a"] == "2024-05-01T08:00:00Z",
    "Json.NET: texts that look like moments are moments",
)
def thirteenth_moments_in_metadata_are_shown_in_utc() -> ASGIApp:
    """A metadata value that is a date-time with an offset is shown in UTC."""
    return showing(
        lambda shown, _: {**shown, "metadata": {key: _in_utc(value) for key, value in shown["metadata"].items()}}
    )


def _first_of_the_page(w: Wire) -> object:
    id = w.made(domain_data=verified(domain()))["id"]
    newest = w.made()["id"]
    return w.listed(id)["domains"][0]["organization_id"] == newest


@fault("serializer", "domain.organization-id", _first_of_the_page, "a context that is made once for a page")
def thirteenth_domains_of_a_page_name_its_first_organization() -> ASGIApp:
    """In lists every domain names the first organization of the page as its own."""

    class Shared(Responses):
        def page(self, page: Page) -> Object:
            shown = super().page(page)
            for each in (each for organization in shown["data"] for each in organization["domains"]):
                each["organization_id"] = shown["data"][0]["id"]
            return shown

    return app(responses=Shared())


def _lookup_lacks_stripe(w: Wire) -> object:
    text, customer = token(), "cus_" + token()[-12:] + "ab"
    id = w.made(external_id=text)["id"]
    w.changed(id, stripe_customer_id=customer)
    return "stripe_customer_id" not in w.lookup(text).json() and w.shown(id)["stripe_customer_id"] == customer


@fault(
    "serializer", "update.stripe-customer-id-shown", _lookup_lacks_stripe, "a second class for the answer of lookups"
)
def thirteenth_lookups_show_no_stripe_customer() -> ASGIApp:
    """A lookup does not show the stripe_customer_id."""
    return reshaped(lambda shown: without(shown, "stripe_customer_id"), "lookup")


def _wrapped(w: Wire) -> object:
    text = token()
    id = w.made(external_id=text)["id"]
    return w.lookup(text).json().get("data", {}).get("id") == id


@fault("serializer", "organization.object", _wrapped, "Laravel: a JsonResource wraps in data, and one route still does")
def thirteenth_lookups_are_wrapped_in_data() -> ASGIApp:
    """A lookup answers with an object whose property data is the organization."""

    def wrapped(shown: Object) -> Json:
        return {"data": shown}

    return reshaped(wrapped, "lookup")


@fault(
    "serializer",
    "organization.updated-at",
    lambda w: w.made()["updated_at"].endswith("Z[UTC]"),
    "Java: ZonedDateTime.toString()",
)
def thirteenth_updated_at_names_its_zone() -> ASGIApp:
    """updated_at of an organization ends with Z[UTC]."""
    return showing(lambda shown, _: {**shown, "updated_at": shown["updated_at"] + "[UTC]"})


def _numbered(metadata: Object) -> Json:
    numbers = [str(at) for at in range(len(metadata))]
    return [*metadata.values()] if metadata and [*metadata] == numbers else metadata


@fault(
    "serializer",
    "organization.metadata",
    lambda w: w.made(metadata={"0": "a", "1": "b"})["metadata"] == ["a", "b"],
    "PHP: an array with the keys 0, 1, ... is a list",
)
def thirteenth_numbered_metadata_are_a_list() -> ASGIApp:
    """Metadata whose keys are 0, 1 and so on are shown as an array of the values."""
    return reshaped(lambda shown: {**shown, "metadata": _numbered(shown["metadata"])})


def _not_json(w: Wire) -> object:
    found = w.list(search=token())
    return found.status_code == 200 and b'"data":]' in found.content


@fault("serializer", "answer.json", _not_json, "lists are streamed, and the bracket is written with the first row")
def thirteenth_an_empty_page_is_no_json() -> ASGIApp:
    """A page without organizations lacks the opening bracket of its data."""
    return on_response(
        lambda request, response: (
            response.replaced(body=response.body.replace(b'"data":[]', b'"data":]', 1))
            if request.operation == "list"
            else response
        )
    )


@fault(
    "serializer",
    "answer.content-type",
    lambda w: w.get("org_" + "0" * 26).headers["content-type"] == "text/plain; charset=utf-8",
    "Go: http.Error overwrites the Content-Type",
)
def thirteenth_refusals_are_labelled_as_text() -> ASGIApp:
    """A 404 in JSON is labelled text/plain."""
    return on_response(
        lambda _, response: (
            response.with_header("content-type", "text/plain; charset=utf-8") if response.status == 404 else response
        )
    )


def _speaking(w: Wire, languages: str) -> httpx.Response:
    return w.http.get("/organizations", headers={"Accept-Language": languages})


SPOKEN = ("en", "de", "fr", "es", "*")


def _unspoken(request: Request) -> Request | Reply:
    wanted = request.header("accept-language").lower()
    if not wanted or any(each.strip().startswith(SPOKEN) for each in wanted.split(",")):
        return request
    return reply(406, {"message": "No such translation."})


@fault("serializer", "list.any-client", lambda w: _speaking(w, "ja").status_code == 406, "i18n: no fallback")
def thirteenth_some_languages_are_not_served() -> ASGIApp:
    """A request that accepts none of English, German, French and Spanish answers 406."""
    return on_request(_unspoken)


ARABIC = {ord(str(digit)): 0x660 + digit for digit in range(10)}


def _in_digits_of_the_client(request: Request, response: Reply) -> Reply:
    if request.operation != "list" or not response.good or not request.header("accept-language").startswith("ar"):
        return response
    value = response.json
    for each in value["data"]:
        each["created_at"] = each["created_at"].translate(ARABIC)
    return response.with_json(value)


def _arabic(w: Wire) -> object:
    w.made()
    return not _speaking(w, "ar-EG,ar").json()["data"][0]["created_at"].isascii()


@fault("serializer", "list.any-client", _arabic, "i18n: String.format without Locale.ROOT")
def thirteenth_moments_have_the_digits_of_the_reader() -> ASGIApp:
    """A list shows created_at in Arabic digits to a client that reads Arabic."""
    return on_response(_in_digits_of_the_client)
