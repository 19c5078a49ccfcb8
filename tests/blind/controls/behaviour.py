"""What operations do where sources leave it open, allow it, or ask otherwise only as SHOULD."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.idempotency import Replays
from emulator.paging import NEWEST
from emulator.records import Organization
from emulator.refusals import Refusal
from tests.blind.parts.apps import app
from tests.blind.parts.interception import Forward, intercepting, on_response, strict
from tests.blind.parts.messages import Reply, Request, bad_request, pairs, reply, texts, unprocessable
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, pending, verified
from tests.mutants.planting import KEY

UNKNOWN = "org_01EHZNVPK3SFK441A1RGBFSHRT"


class Conflict(Refusal):
    """409, which is documented for create and update."""

    status = 409


@control(
    "domains",
    "FACTS: accepted as pending is SHOULD; 409 is documented",
    lambda w: w.made(domain_data=pending(d := domain())) and w.create(domain_data=pending(d)).status_code == 409,
    may_warn=True,
)
def pending_domain_of_others_refused() -> ASGIApp:
    """A pending domain that another organization has is refused with 409."""

    class Single(Api):
        def create(self, call: Call) -> Response:
            self.judge(self.rules.create(call.content), None)
            return super().create(call)

        def update(self, call: Call) -> Response:
            known = self.store.by_id(call.path["id"])
            if known:
                self.judge(self.rules.update(call.content), known.id)
            return super().update(call)

        def judge(self, body: Body, id: str | None) -> None:
            for each in self.changes.domains(body, 0):
                found = self.store.older(NEWEST, 2, "", each.domain)
                if each.state == "pending" and any(other.id != id for other in found):
                    raise Conflict(f"An Organization with the domain {each.domain} already exists.")

    return app(api=Single)


@control(
    "domains",
    "FACTS: a common consumer domain SHOULD be refused with 4xx",
    lambda w: w.create(domain_data=verified("gmail.com")).status_code == 409,
)
def consumer_domains_refused() -> ASGIApp:
    """gmail.com and the like are refused in domain_data with 409."""
    common = {"gmail.com", "yahoo.com", "outlook.com", "hotmail.com"}
    refusal = reply(409, {"message": "This domain can belong to no organization."})
    return strict(lambda body: refusal if common & set(texts(body.get("domain_data"))) else None)


@control(
    "create",
    "FACTS: Idempotency-Key is INFO",
    lambda w: (
        w.post('{"name": "a"}', Idempotency_Key="k").json()["id"]
        != w.post('{"name": "a"}', Idempotency_Key="k").json()["id"]
    ),
)
def idempotency_key_ignored() -> ASGIApp:
    """An Idempotency-Key is ignored."""

    class Forgetful(Replays):
        def recall(self, key: str | None, body: Body) -> Organization | None:
            return None

    return app(replays=Forgetful())


@control(
    "create",
    "FACTS: Idempotency-Key is INFO; 409 is documented for create",
    lambda w: (
        w.post('{"name": "a"}', Idempotency_Key="k") and w.post('{"name": "b"}', Idempotency_Key="k").status_code == 409
    ),
)
def idempotency_conflict_answers_409() -> ASGIApp:
    """The same Idempotency-Key with another body answers 409."""
    return on_response(
        lambda request, response: (
            reply(409, {"message": "Idempotency conflict"})
            if response.status == 400 and request.header("idempotency-key") and b"idempotency" in response.body
            else response
        )
    )


@control("create", "create.unknown-property is INFO", lambda w: w.create(colour="red").status_code == 422)
def unknown_properties_refused() -> ASGIApp:
    """A body with a property that is not documented is refused."""
    names = {
        "name",
        "domains",
        "domain_data",
        "metadata",
        "external_id",
        "allow_profiles_outside_organization",
        "stripe_customer_id",
    }
    return strict(lambda body: unprocessable() if set(body) - names else None)


@control(
    "update",
    "update.metadata-null is INFO",
    lambda w: w.changed(w.made(metadata={"a": "1"})["id"], metadata=None)["metadata"] == {"a": "1"},
)
def metadata_null_ignored_by_update() -> ASGIApp:
    """Metadata of null in an update counts as left out."""

    class Ignoring(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            return known.metadata if body.get("metadata", {}) is None else super().next_metadata(known, body)

    return app(changes=Ignoring())


@control(
    "update",
    "update.metadata-null-key is SHOULD, against O's schema",
    lambda w: w.update(w.made(metadata={"a": "1"})["id"], metadata={"a": None}).status_code == 400,
    may_warn=True,
)
def metadata_null_key_refused() -> ASGIApp:
    """A metadata key of null in an update is refused."""
    return strict(lambda body: bad_request("invalid_metadata") if None in pairs(body).values() else None, "update")


@control(
    "update",
    "no source says which refusal comes first, but 401",
    lambda w: w.update(UNKNOWN, name=5).status_code == 422,
)
def body_judged_before_id() -> ASGIApp:
    """An update with a broken body and an unknown id answers 422, not 404."""

    class First(Api):
        def update(self, call: Call) -> Response:
            self.rules.update(call.content)
            return super().update(call)

    return app(api=First)


@control(
    "deletion",
    "delete.unknown and delete.twice are SHOULD",
    lambda w: w.delete(UNKNOWN).status_code == 202,
    may_warn=True,
)
def delete_of_unknown_answers_202() -> ASGIApp:
    """A delete of what is not there answers 202."""
    return on_response(
        lambda request, response: (
            Reply(202, (("content-type", "text/plain"), ("x-request-id", "p")), b"Accepted")
            if request.operation == "delete" and response.status == 404
            else response
        )
    )


@control(
    "authentication",
    "authentication.lower-case-scheme is INFO",
    lambda w: w.other(f"bearer {KEY}").get("/organizations").status_code == 401,
)
def scheme_minds_case() -> ASGIApp:
    """The scheme is accepted as Bearer alone, not as bearer."""

    async def handle(request: Request, forward: Forward) -> Reply:
        exact = request.header("authorization").startswith("Bearer ")
        return await forward(request if exact else request.with_header("authorization", None))

    return intercepting(handle)


def _limited(w: Wire) -> object:
    responses = [w.list(limit=1) for _ in range(45)]
    found = [response for response in responses if response.status_code == 429]
    return bool(found) and all("retry-after" in response.headers for response in found)


@control("limits", "D rate limits: 429; Retry-After says when to come back", _limited)
def every_fortieth_request_answers_429() -> ASGIApp:
    """Every fortieth request answers 429 with Retry-After: 1, and is not carried out."""
    count = [0]

    async def handle(request: Request, forward: Forward) -> Reply:
        count[0] += 1
        if request.authorized and count[0] % 40 == 0:
            return reply(429, {"message": "Too many requests", "code": "rate_limited"}).with_header("retry-after", "1")
        return await forward(request)

    return intercepting(handle)
