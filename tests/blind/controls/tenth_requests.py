"""Requests of which the sources do not say what to make."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Mapping

from starlette.types import ASGIApp

from emulator.changes import Body, Changes
from emulator.idempotency import Replays
from emulator.records import Organization
from tests.blind.parts.apps import app, reading
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs, texts, unprocessable
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire, domain, verified

CREATE = {"name", "domains", "domain_data", "metadata", "external_id", "allow_profiles_outside_organization"}


def _unknown(w: Wire) -> object:
    return w.create(colour="red").status_code == 422


@control("refusals", "create.unknown-property is INFO", _unknown)
def tenth_unknown_fields_are_refused() -> ASGIApp:
    """A body with a field that is not documented answers 422."""

    def judged(body: Object) -> Reply | None:
        unknown = [*(body.keys() - CREATE - {"stripe_customer_id"})]
        return unprocessable(unknown[0], "is not allowed") if unknown else None

    return strict(judged)


@control("refusals", "create.empty-name is INFO", lambda w: w.create(name="").status_code == 422)
def tenth_empty_names_are_refused() -> ASGIApp:
    """An empty name answers 422, in creates and in updates."""
    return strict(lambda body: unprocessable("name", "should not be empty") if body.get("name") == "" else None)


def _control_characters(w: Wire) -> object:
    return [w.create(name=f"a{each}b").status_code for each in "\0\x1b\x7f\x85"] == [422] * 4


@control(
    "refusals",
    "FACTS: control characters in a name are accepted or refused with 4xx; tabs around it are white space, a SHOULD",
    _control_characters,
    may_warn=True,
)
def tenth_control_characters_are_refused() -> ASGIApp:
    """A name with any control character answers 422."""

    def judged(body: Object) -> Reply | None:
        name = body.get("name")
        odd = isinstance(name, str) and any(unicodedata.category(each) in ("Cc", "Cs") for each in name)
        return unprocessable("name", "has control characters") if odd else None

    return strict(judged)


def _bad(w: Wire) -> object:
    return w.post("{").status_code == 400 and w.create(name=5).status_code == 422


@control("refusals", "body.almost-json: 400 or 422; its code is a SHOULD", _bad, may_warn=True)
def tenth_no_json_is_a_bad_request() -> ASGIApp:
    """A body that is no JSON answers 400 with a message alone, as Express does."""

    def altered(request: Request, response: Reply) -> Reply:
        no_json = response.status == 422 and request.writes and request.json is None and request.body != b"null"
        return response.replaced(status=400).with_json({"message": "Unexpected token"}) if no_json else response

    return on_response(altered)


def _kept(w: Wire) -> object:
    id = w.made(metadata={"a": "1"})["id"]
    return w.changed(id, metadata=None)["metadata"] == {"a": "1"}


@control("updates", "update.metadata-null is INFO", _kept)
def tenth_null_metadata_are_left_out() -> ASGIApp:
    """An update whose metadata are null leaves the pairs as they are."""

    class Keeping(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            if body.get("metadata", 0) is None:
                return known.metadata
            return super().next_metadata(known, body)

    return app(changes=Keeping())


def _refused_twins(w: Wire) -> object:
    return w.create(domain_data=verified(*[domain()] * 2)).status_code == 422


@control("refusals", "update.domain-twice is INFO", _refused_twins)
def tenth_domains_given_twice_are_refused() -> ASGIApp:
    """A body that gives a domain twice answers 422."""

    def judged(body: Object) -> Reply | None:
        items = [*(body.get("domain_data") or ()), *(body.get("domains") or ())] if _lists(body) else []
        names = [each.get("domain") if isinstance(each, dict) else each for each in items]
        plain = [each for each in names if isinstance(each, str)]
        return unprocessable("domain_data", "has a domain twice") if len(plain) > len(set(plain)) else None

    return strict(judged)


def _lists(body: Object) -> bool:
    return all(isinstance(body.get(name), (list, type(None))) for name in ("domain_data", "domains"))


def _forgotten(w: Wire) -> object:
    headers = {"Idempotency-Key": domain()}
    first, second = (w.http.post(ORGANIZATIONS, json={"name": name}, headers=headers) for name in ("a", "b"))
    return first.is_success and second.is_success and first.json()["id"] != second.json()["id"]


@control("creates", "create.idempotency-replay and -conflict are INFO", _forgotten)
def tenth_idempotency_keys_mean_nothing() -> ASGIApp:
    """An Idempotency-Key is ignored."""

    class Forgetting(Replays):
        def recall(self, key: str | None, body: Mapping[str, object]) -> Organization | None:
            return None

    return app(replays=Forgetting())


def _still(w: Wire) -> object:
    made = w.made(name="Same")
    return w.changed(made["id"], name="Same")["updated_at"] == made["updated_at"]


@control("updates", "update.moves-updated-at: a change moves it, and this is none", _still)
def tenth_equal_values_are_no_change() -> ASGIApp:
    """An update whose values are those that the organization already has does not move updated_at."""

    def changed(new: Organization, known: Organization, _: Body) -> Organization:
        old = tuple((each.domain, each.state) for each in known.domains)
        given = tuple((each.domain, each.state) for each in new.domains)
        same = dataclasses.replace(new, updated_at=known.updated_at, domains=known.domains)
        return known if old == given and same == known else new

    return updating(changed)


@control("authentication", "authentication.lower-case-scheme is INFO", lambda w: _small(w) == 401)
def tenth_scheme_in_one_spelling() -> ASGIApp:
    """The scheme must be written as Bearer."""

    async def handle(request: Request, forward: Forward) -> Reply:
        return await forward(request if request.authorized else request.with_header("authorization", None))

    return intercepting(handle)


def _small(w: Wire) -> int:
    return w.other(f"bearer {w.key}").get(ORGANIZATIONS).status_code


def _composed(w: Wire) -> object:
    return w.made(name="e\u0301")["name"] == "é" and w.made(metadata={"a": "e\u0301"})["metadata"]["a"] == "e\u0301"


@control("text", "FACTS: a name that is not in NFC is a SHOULD", _composed, may_warn=True)
def tenth_names_are_composed() -> ASGIApp:
    """A name is saved in Unicode's normalization form C."""
    return reading(name=lambda name: unicodedata.normalize("NFC", name))


def _narrow(w: Wire) -> object:
    return w.create(external_id="x" * 65).status_code == 422 and w.create(metadata={"é": "a"}).status_code == 400


@control("refusals", "D: 64 characters, ASCII, 10 pairs; O's wider bounds are a SHOULD", _narrow, may_warn=True)
def tenth_bounds_of_the_guides() -> ASGIApp:
    """The bounds are those of the older guides: 64 characters of external_id, ten ASCII pairs of metadata."""

    def judged(body: Object) -> Reply | None:
        external, given = body.get("external_id"), pairs(body)
        if isinstance(external, str) and len(external) > 64:
            return unprocessable("external_id", "is too long")
        narrow = len(given) <= 10 and all(text.isascii() for text in texts(given))
        return None if narrow or not _valid(given) else bad_request("invalid_metadata")

    return strict(judged)


def _valid(given: Object) -> bool:
    """Whether other rules of metadata are kept, so that the response is the one that these have."""
    return all(isinstance(value, (str, type(None))) for value in given.values())
