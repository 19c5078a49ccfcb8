"""Bodies that validators of real back ends refuse, let through or trip over."""

from __future__ import annotations

import json
import re

from starlette.types import ASGIApp

from tests.blind.parts.asking import fields
from tests.blind.parts.interception import lenient, on_request, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request, pairs, reply, unprocessable
from tests.blind.parts.seventeenth import answering, crashing, replying
from tests.blind.parts.sixteenth import broken, items
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token

WRITES = ("create", "update")


@fault(
    "metadata",
    "create.accepts-valid-bodies",
    lambda w: w.create(metadata=None).status_code == 422,
    "zod: optional() without nullable()",
)
def seventeenth_null_metadata_are_refused() -> ASGIApp:
    """A create refuses metadata of null."""
    return strict(lambda body: unprocessable("metadata") if body.get("metadata", 1) is None else None, "create")


@fault(
    "metadata",
    "body.ten-full-pairs",
    lambda w: w.create(metadata={f"k{at}": "v" * 600 for at in range(10)}).status_code == 500,
    "Oracle: VARCHAR2(4000) for the JSON of all pairs",
)
def seventeenth_metadata_outgrow_their_column() -> ASGIApp:
    """A write fails whose metadata take more than 4,000 bytes of JSON."""
    return crashing(lambda request: len(json.dumps(pairs(fields(request)))) > 4000)


@fault(
    "names",
    "body.name-long",
    lambda w: w.create(name="n" * 300).status_code == 500,
    "PostgreSQL: value too long for type character varying(255), not caught",
)
def seventeenth_long_names_crash() -> ASGIApp:
    """A write with a name of more than 255 characters fails."""
    return crashing(lambda request: len(str(fields(request).get("name", ""))) > 255)


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: w.post('{"name": "a", "metadata": {"__proto__": "b"}}').status_code == 400,
    "Fastify: secure-json-parse throws at __proto__",
)
def seventeenth_proto_is_refused() -> ASGIApp:
    """A body with a key __proto__ is refused."""
    return strict(lambda body: bad_request("invalid_json") if "__proto__" in pairs(body) else None)


@fault(
    "names",
    "body.name-type",
    lambda w: w.create(name=True).json().get("name") == "true",
    "Jackson: ALLOW_COERCION_OF_SCALARS",
)
def seventeenth_scalars_are_names() -> ASGIApp:
    """A name that is a number or a boolean is taken as a text."""

    def mended(body: Object) -> Object:
        name = body.get("name")
        return {**body, "name": json.dumps(name)} if isinstance(name, bool | int | float) else body

    return lenient(mended)


@fault(
    "domains",
    "body.domain-data-incomplete",
    lambda w: w.create(domain_data=[{"domain": domain()}]).status_code == 201,
    "NestJS: ValidateNested without Type, and a default in the database",
)
def seventeenth_state_may_be_missing() -> ASGIApp:
    """An item of domain_data without a state is taken as pending."""

    def stated(body: Object) -> Object:
        found = [
            {"state": "pending", **item} if isinstance(item, dict) else item for item in items(body, "domain_data")
        ]
        return {**body, "domain_data": found} if found else body

    return lenient(stated)


@fault(
    "domains",
    "body.domain-data-type",
    lambda w: w.create(domain_data=[None]).status_code == 500,
    "JavaScript: Cannot read properties of null (reading 'domain')",
)
def seventeenth_null_among_domains_crashes() -> ASGIApp:
    """A write with a null in domain_data fails."""
    return crashing(lambda request: None in items(fields(request), "domain_data"))


def _page_of_html(_: Request) -> Reply:
    page = b"<!DOCTYPE html><pre>SyntaxError: Unexpected token in JSON</pre>"
    return Reply(400, (("content-type", "text/html; charset=utf-8"),), page)


@fault(
    "errors",
    "error.message",
    lambda w: w.post("{").headers["content-type"].startswith("text/html"),
    "Express: the default handler of errors behind body-parser",
)
def seventeenth_malformed_bodies_earn_a_page() -> ASGIApp:
    """A body that is no JSON is refused with a page of HTML."""
    return answering(lambda request: request.operation in WRITES and broken(request.body), _page_of_html)


@fault(
    "bodies",
    "body.almost-json",
    lambda w: w.post('{"name": "a"} }').status_code == 201,
    "Jackson without FAIL_ON_TRAILING_TOKENS; Go: json.NewDecoder(body).Decode",
)
def seventeenth_rest_of_a_body_is_ignored() -> ASGIApp:
    """Whatever stands behind the JSON value in a body is ignored."""

    def read(request: Request) -> Request:
        if request.operation not in WRITES:
            return request
        try:
            value, _ = json.JSONDecoder().raw_decode(request.body.decode().lstrip())
        except (ValueError, RecursionError):
            return request
        return request.with_json(value) if broken(request.body) else request

    return on_request(read)


@fault(
    "names",
    "body.name-control-characters",
    lambda w: w.post('{"name": "a\\u0000b"}').status_code == 500,
    "PostgreSQL: invalid byte sequence 0x00, SQLSTATE 22021",
)
def seventeenth_zero_bytes_crash() -> ASGIApp:
    """A write with U+0000 in its name fails."""
    return crashing(lambda request: "\0" in str(fields(request).get("name")))


def _slug(name: object) -> str:
    return "-".join(re.findall("[a-z0-9]+", str(name).lower()))


def _same_name(w: Wire) -> object:
    name = token()
    w.made(name=name)
    return w.create(name=f"{name}!").status_code == 409


@fault("names", "create.same-name", _same_name, "a unique slug made of the name")
def seventeenth_slugs_are_unique() -> ASGIApp:
    """A create is refused whose name has the same letters and digits as that of an earlier create."""
    taken: set[str] = set()

    def read(body: Object) -> Reply | None:
        slug = _slug(body.get("name", ""))
        if slug and slug in taken:
            return reply(409, {"message": "This slug is taken."})
        taken.add(slug)
        return None

    return strict(read, "create")


@fault(
    "metadata",
    "body.metadata-too-many",
    lambda w: w.create(metadata={f"k{at}": "" for at in range(51)}).status_code == 422,
    "one handler for all errors of validation",
)
def seventeenth_metadata_are_unprocessable() -> ASGIApp:
    """Bad metadata are refused with 422 instead of 400."""
    return replying(
        lambda _, response: response.status == 400 and response.json.get("code") == "invalid_metadata",
        lambda _: unprocessable("metadata"),
    )


def _waf(w: Wire) -> object:
    return w.create(name="Robert'; DROP TABLE students").status_code == 403


@fault("gateways", "create.accepts-valid-bodies", _waf, "a firewall's rule against SQL, over bodies of JSON")
def seventeenth_firewall_reads_names() -> ASGIApp:
    """A write is forbidden whose name looks like SQL."""
    looks = re.compile(r"\b(drop table|union select|select .* from|or 1=1)\b", re.I)
    return answering(
        lambda request: looks.search(str(fields(request).get("name"))),
        lambda _: reply(403, {"message": "Forbidden"}),
    )
