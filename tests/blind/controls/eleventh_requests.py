"""Requests that no source decides about, answered in the other way."""

from __future__ import annotations

from starlette.types import ASGIApp

from emulator.idempotency import Replays
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, lenient, strict
from tests.blind.parts.messages import Json, Object, Reply, Request, reply, unprocessable, without
from tests.blind.registry import control
from tests.blind.wire import ORGANIZATIONS, Wire, domain, token, verified
from tests.mutants.planting import KEY

FIELDS = {"name", "domains", "domain_data", "metadata", "external_id", "allow_profiles_outside_organization"}
LONGEST_NAME = 1000
MOST_BYTES = 100_000


@control(
    "requests",
    "update.unknown and body.name-type: nothing says which comes first",
    lambda w: w.update(token(), name=5).status_code == 422 and w.update(token(), name="A").status_code == 404,
)
def eleventh_bodies_are_checked_before_ids() -> ASGIApp:
    """An update of an unknown id whose body is not valid answers 422."""
    unknown = "an update that names no organization"

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation != "update" or response.status != 404:
            return response
        body = request.json
        wrong = not isinstance(body, dict) or not isinstance(body.get("name", ""), str)
        return unprocessable("body", f"is not valid in {unknown}") if wrong else response

    return intercepting(handle)


@control(
    "requests",
    "create.unknown-property is INFO",
    lambda w: w.create(colour="red").status_code == 422 and w.create().status_code == 201,
)
def eleventh_unknown_properties_are_refused() -> ASGIApp:
    """A create or an update with a property that is not documented answers 422."""

    def judged(body: Object) -> Reply | None:
        unknown = sorted(body.keys() - FIELDS - {"stripe_customer_id"})
        return unprocessable(unknown[0], "is not known") if unknown else None

    return strict(judged)


@control("requests", "create.empty-name is INFO", lambda w: w.create(name="").status_code == 422)
def eleventh_empty_names_are_refused() -> ASGIApp:
    """An empty name answers 422."""
    return strict(lambda body: unprocessable("name", "must not be empty") if body.get("name") == "" else None)


def _twice(w: Wire) -> object:
    key = {"Idempotency-Key": token()}
    ids = [w.http.post(ORGANIZATIONS, json={"name": "A"}, headers=key).json()["id"] for _ in range(2)]
    return ids[0] != ids[1]


@control("requests", "create.idempotency-replay and create.idempotency-conflict are INFO", _twice)
def eleventh_no_idempotency_keys() -> ASGIApp:
    """An Idempotency-Key means nothing."""

    class Forgetful(Replays):
        def recall(self, key: str | None, body: object) -> None:
            return None

    return app(replays=Forgetful())


@control(
    "requests",
    "body.name-long: refused with 4xx",
    lambda w: w.create(name="n" * 1001).status_code == 422 and w.create(name="n" * 1000).status_code == 201,
)
def eleventh_names_of_a_thousand_characters() -> ASGIApp:
    """A name of more than 1,000 characters answers 422."""

    def judged(body: Object) -> Reply | None:
        name: Json = body.get("name")
        return unprocessable("name", "is too long") if isinstance(name, str) and len(name) > LONGEST_NAME else None

    return strict(judged)


@control(
    "requests",
    "body.name-control-characters: refused with 4xx",
    lambda w: w.create(name="a\tb\u0000").status_code == 422,
)
def eleventh_control_characters_are_refused() -> ASGIApp:
    """A name with a control character answers 422."""

    def judged(body: Object) -> Reply | None:
        name: Json = body.get("name")
        bad = isinstance(name, str) and any(ord(each) < 32 or 127 <= ord(each) < 160 for each in name)
        return unprocessable("name", "has control characters") if bad else None

    return strict(judged)


def _null_keeps(w: Wire) -> object:
    id = w.made(metadata={"a": "b"})["id"]
    return w.changed(id, metadata=None, name="Other")["metadata"] == {"a": "b"}


@control("requests", "update.metadata-null is INFO", _null_keeps)
def eleventh_null_metadata_are_left_out() -> ASGIApp:
    """Metadata of null in an update count as left out."""
    return lenient(lambda body: without(body, "metadata") if body.get("metadata", "") is None else body, "update")


@control(
    "requests",
    "update.domain-twice is INFO",
    lambda w: w.create(domain_data=verified(*[domain()] * 2)).status_code == 422,
)
def eleventh_a_domain_twice_is_refused() -> ASGIApp:
    """A body that names one domain twice in domain_data answers 422."""

    def judged(body: Object) -> Reply | None:
        given: Json = body.get("domain_data")
        items = given if isinstance(given, list) else []
        names = [each.get("domain") for each in items if isinstance(each, dict)]
        texts = [name for name in names if isinstance(name, str)]
        return unprocessable("domain_data", "names a domain twice") if len(set(texts)) < len(texts) else None

    return strict(judged)


@control(
    "requests",
    "authentication.lower-case-scheme is INFO",
    lambda w: w.other(f"bearer {KEY}").get(ORGANIZATIONS).status_code == 401 and w.list().status_code == 200,
)
def eleventh_scheme_in_small_letters_is_refused() -> ASGIApp:
    """The scheme of the key is Bearer, with a capital letter."""

    async def handle(request: Request, forward: Forward) -> Reply:
        small = not request.header("authorization").startswith("Bearer ")
        return await forward(request.with_header("authorization", None) if small else request)

    return intercepting(handle)


@control(
    "requests",
    "body.name-long: refused with 4xx; the largest valid bodies have 32 KB",
    lambda w: w.create(name="n" * 120_000).status_code == 413,
)
def eleventh_large_bodies_are_refused() -> ASGIApp:
    """A body of more than 100 KB answers 413."""

    async def handle(request: Request, forward: Forward) -> Reply:
        if request.authorized and len(request.body) > MOST_BYTES:
            return reply(413, {"message": "Payload Too Large"})
        return await forward(request)

    return intercepting(handle)
