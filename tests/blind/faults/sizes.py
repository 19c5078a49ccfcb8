"""Lengths and numbers."""

from __future__ import annotations

from starlette.types import ASGIApp

from tests.blind.parts.apps import reading, values
from tests.blind.parts.interception import lenient, on_request, strict
from tests.blind.parts.messages import reply, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import domain, pending

RETURNS = "create.returns-what-was-sent"
ACCEPTS = "create.accepts-valid-bodies"


@fault(
    "sizes",
    ACCEPTS,
    lambda w: w.create(metadata={f"{i:040}": "v" * 600 for i in range(10)}).status_code != 201,
    "FACTS: up to ten ASCII pairs, 6.4 KB",
)
def body_of_four_kilobytes_at_most() -> ASGIApp:
    """A body of more than 4 KB is refused with 413."""
    return on_request(
        lambda request: reply(413, {"message": "Payload Too Large"}) if len(request.body) > 4096 else request
    )


@fault("sizes", RETURNS, lambda w: len(w.made(name="n" * 120)["name"]) != 120, "a VARCHAR(100) of a lenient database")
def name_cut_at_hundred() -> ASGIApp:
    """A name of more than 100 characters is cut off without a word."""
    return reading(name=lambda v: v[:100])


@fault(
    "sizes",
    RETURNS,
    lambda w: (response := w.create(name="n" * 300)).status_code == 201 and len(response.json()["name"]) != 300,
    "FACTS: cut off without a word: never",
)
def name_cut_at_255() -> ASGIApp:
    """A name of more than 255 characters is cut off without a word."""
    return reading(name=lambda v: v[:255])


@fault("sizes", "answer.status", lambda w: w.create(name="n" * 5000).status_code >= 500, "FACTS: accepted or 4xx")
def name_too_long_for_column_crashes() -> ASGIApp:
    """A name of more than 1,000 characters makes the database complain, which answers 500."""
    return strict(
        lambda body: (
            reply(500, {"message": "value too long for type character varying(1000)"})
            if isinstance(body.get("name"), str) and len(body["name"]) > 1000
            else None
        )
    )


@fault("sizes", RETURNS, lambda w: len(w.made(external_id="x" * 64)["external_id"]) != 64, "a UUID-sized column")
def external_id_cut_at_36() -> ASGIApp:
    """An external_id of more than 36 characters is cut off."""
    return reading(external_id=lambda v: v[:36])


@fault("sizes", ACCEPTS, lambda w: w.create(external_id="x" * 64).status_code != 201, "D: up to 64; an off-by-one")
def external_id_of_64_refused() -> ASGIApp:
    """An external_id of exactly 64 characters is refused."""
    return strict(
        lambda body: (
            unprocessable("external_id")
            if isinstance(body.get("external_id"), str) and len(body["external_id"]) >= 64
            else None
        )
    )


@fault(
    "sizes",
    "body.external-id-too-long",
    lambda w: w.create(external_id="x" * 129).status_code == 201,
    "O at most 128 characters",
)
def external_id_too_long_cut() -> ASGIApp:
    """An external_id of more than 128 characters is cut to 128 and accepted."""
    return lenient(
        lambda body: (
            {**body, "external_id": body["external_id"][:128]} if isinstance(body.get("external_id"), str) else body
        )
    )


@fault(
    "sizes",
    RETURNS,
    lambda w: len(w.made(metadata={"k": "v" * 600})["metadata"]["k"]) != 600,
    "a VARCHAR(500) of a lenient database",
)
def metadata_value_cut_at_500() -> ASGIApp:
    """A metadata value of more than 500 characters is cut off."""
    return reading(metadata=values(lambda v: v[:500]))


@fault(
    "sizes",
    RETURNS,
    lambda w: len(w.made(domain_data=pending(*(domain() for _ in range(8))))["domains"]) != 8,
    "FACTS: at least ten domains are kept and shown",
)
def domains_beyond_five_dropped() -> ASGIApp:
    """Only the first five domains of a body are kept."""
    return reading(domain_data=lambda v: v[:5], domains=lambda v: v[:5])


@fault("sizes", "list.accepts-valid-queries", lambda w: w.list(limit=100).status_code != 200, "O limit is 1 to 100")
def limit_hundred_refused() -> ASGIApp:
    """A limit of exactly 100 is refused."""
    return on_request(
        lambda request: (
            unprocessable("limit")
            if request.operation == "list" and "limit=100" in request.query.split("&")
            else request
        )
    )
