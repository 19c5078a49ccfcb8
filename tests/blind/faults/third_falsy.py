"""Values that programs take for nothing, and words that they take for something."""

from __future__ import annotations

from dataclasses import replace

from starlette.types import ASGIApp

from tests.blind.parts.apps import reading, values
from tests.blind.parts.interception import lenient, on_request, strict
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Object, Reply, not_found, unprocessable
from tests.blind.registry import Proof, fault
from tests.blind.wire import Wire

FALSY = "words and zeros"


def _missing(external_id: str) -> Proof:
    return lambda w: w.made(external_id=external_id) and w.lookup(external_id).status_code == 404


def unfound(*words: str) -> ASGIApp:
    """An app that never finds some values of external_id."""
    return on_request(
        lambda request: not_found(request.last) if request.operation == "lookup" and request.last in words else request
    )


@fault(
    FALSY, "none: an external_id comes back", lambda w: w.made(external_id="0")["external_id"] is None, "empty() in PHP"
)
def a_zero_is_no_external_id() -> ASGIApp:
    """The external_id "0" is kept as null."""
    return lenient(lambda body: {**body, "external_id": None} if body.get("external_id") == "0" else body)


@fault(FALSY, "none: valid bodies are accepted", lambda w: w.create(name="0").status_code == 422, "empty() in PHP")
def a_zero_is_no_name() -> ASGIApp:
    """The name "0" is refused as empty."""
    return strict(lambda body: unprocessable("name") if body.get("name") == "0" else None)


def _zero_goes(w: Wire) -> bool:
    return bool(w.made(metadata={"a": "0", "b": "1"})["metadata"] == {"b": "1"})


@fault(FALSY, "none: pairs come back", _zero_goes, "array_filter() in PHP")
def values_of_zero_are_dropped() -> ASGIApp:
    """A pair of metadata with the value "0" is dropped."""
    return reading(metadata=values(lambda value: None if value == "0" else value))


def _all_found(w: Wire) -> bool:
    w.made(name="Zebra")
    return bool(w.ids(search="0"))


@fault(FALSY, "none: search matches the name", _all_found, "`if (search)` in PHP")
def a_search_for_zero_is_none() -> ASGIApp:
    """A search for 0 finds everything."""
    return listing(lambda asked: replace(asked, search="") if asked.search == "0" else asked)


@fault(FALSY, "none: a lookup finds", _missing("null"), "clients that write null into a path")
def null_is_not_looked_up() -> ASGIApp:
    """A lookup of null, undefined, None or nil is answered with 404."""
    return unfound("null", "undefined", "None", "nil")


@fault(FALSY, "none: a lookup finds", _missing("external_id"), "a router that looks for the word")
def the_word_external_id_is_not_looked_up() -> ASGIApp:
    """A lookup of the external_id `external_id` is answered with 404."""
    return unfound("external_id")


@fault(FALSY, "none: a lookup finds", _missing("search"), "routes of other operations")
def words_of_other_routes_are_not_looked_up() -> ASGIApp:
    """A lookup of search, count, me, all or bulk is answered with 404."""
    return unfound("search", "count", "me", "all", "bulk")


def _empty_customer(w: Wire) -> bool:
    id = w.made()["id"]
    return w.update(id, stripe_customer_id="acct_1").status_code == 422


@fault(FALSY, "none: valid updates are accepted", _empty_customer, "a prefix that Stripe uses today")
def customers_begin_with_cus() -> ASGIApp:
    """A stripe_customer_id that does not begin with cus_ is refused."""

    def judge(body: Object) -> Reply | None:
        text = body.get("stripe_customer_id")
        return unprocessable("stripe_customer_id") if isinstance(text, str) and text[:4] != "cus_" else None

    return strict(judge, "update")
