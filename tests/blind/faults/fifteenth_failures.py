"""Bodies at which a parser fails, or that it reads as another text."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.types import ASGIApp

from tests.blind.parts.fifteenth import rewriting
from tests.blind.parts.interception import lenient
from tests.blind.parts.messages import Reply, Request, bad_request, crash, pairs, texts, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire, token


@fault(
    "errors",
    "body.not-an-object",
    lambda w: w.post("null").status_code == 500,
    "Node: const { name } = req.body fails at null",
)
def fifteenth_null_body_fails() -> ASGIApp:
    """A body of null answers 500."""
    return rewriting(lambda request: crash() if request.body.strip() == b"null" else None)


@fault(
    "errors",
    "body.domain-data-type",
    lambda w: w.create(domain_data=[None]).status_code == 500,
    "Node: domain_data.map(item => item.domain)",
)
def fifteenth_null_items_fail() -> ASGIApp:
    """An item of domain_data that is null answers 500."""
    return rewriting(
        lambda request: (
            crash()
            if isinstance(request.json, dict)
            and isinstance(request.json.get("domain_data"), list)
            and None in request.json["domain_data"]
            else None
        )
    )


@fault(
    "errors",
    "update.empty",
    lambda w: w.update(w.made()["id"]).status_code == 500,
    "SQL: UPDATE organizations SET WHERE id = ?; Knex and others fail without a column",
)
def fifteenth_empty_update_fails() -> ASGIApp:
    """An update whose body is an empty object answers 500."""
    return rewriting(lambda request: crash() if request.operation == "update" and request.json == {} else None)


@fault(
    "errors",
    "body.invalid",
    lambda w: w.post('{"name": 1e999}').status_code == 500,
    "FastAPI: the 422 repeats the input, and Infinity cannot be written as JSON",
)
def fifteenth_infinite_numbers_fail() -> ASGIApp:
    """A number beyond what a double can hold answers 500."""

    def judged(request: Request) -> Reply | None:
        try:
            value = json.loads(request.body.decode(), parse_constant=lambda _: None)
        except (ValueError, RecursionError):
            return None
        without_texts = re.sub(r'"(\\.|[^"\\])*"', "", json.dumps(value))
        return crash() if "Infinity" in without_texts else None

    return rewriting(judged)


@fault(
    "errors",
    "body.name-control-characters",
    lambda w: w.post('{"name": "a\\u0000b"}').status_code == 500,
    "PostgreSQL: invalid byte sequence for encoding UTF8: 0x00",
)
def fifteenth_nul_fails_in_postgres() -> ASGIApp:
    """U+0000 in any text of a body answers 500."""
    return rewriting(lambda request: crash() if any("\0" in text for text in texts(request.json)) else None)


@fault(
    "errors",
    "body.name-control-characters",
    lambda w: w.post('{"name": "a\\ud800b"}').status_code == 500,
    "Python: 'utf-8' codec can't encode character '\\ud800': surrogates not allowed",
)
def fifteenth_lone_surrogates_fail() -> ASGIApp:
    """A lone surrogate in any text of a body answers 500."""
    lone = re.compile("[\ud800-\udfff]")
    return rewriting(lambda request: crash() if any(lone.search(text) for text in texts(request.json)) else None)


@fault(
    "headers",
    "create.accepts-valid-bodies",
    lambda w: w.post('{"name": "x"}', Content_Type="application/json; charset=utf-8").status_code == 415,
    "if (contentType !== 'application/json')",
)
def fifteenth_content_type_takes_no_parameter() -> ASGIApp:
    """A body whose Content-Type is not exactly application/json answers 415."""
    refused = Reply(415, (("content-type", "application/json"),), b'{"message":"Unsupported Media Type"}')
    return rewriting(lambda request: None if request.header("content-type") == "application/json" else refused)


def _garbled(w: Wire) -> object:
    answer = w.post('{"name": "Zoë"}'.encode())
    return answer.status_code == 201 and answer.json()["name"] == "ZoÃ«"


@fault("names", "create.returns-what-was-sent", _garbled, "servlets: getReader() reads ISO-8859-1 without a charset")
def fifteenth_bodies_are_read_as_latin_1() -> ASGIApp:
    """A body whose Content-Type names no charset is read as ISO-8859-1."""
    return rewriting(
        lambda request: (
            None
            if "charset" in request.header("content-type") or request.json is None
            else request.body.decode("latin-1").encode()
        )
    )


def _parted(w: Wire) -> object:
    answer = w.post('{"name": "a\\ud83d\\ude00b"}')
    return answer.status_code == 201 and answer.json()["name"] == "a\ufffd\ufffdb"


@fault("names", "body.json-escapes", _parted, "parsers that turn each \\u escape into UTF-8 on its own")
def fifteenth_escaped_pairs_are_parted() -> ASGIApp:
    """Each half of an escaped surrogate pair becomes U+FFFD."""
    pair = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
    return rewriting(lambda request: pair.sub(rb"\\ufffd\\ufffd", request.body))


@fault(
    "domains",
    "body.domain-data-incomplete",
    lambda w: w.create(domain_data=[{"domain": f"{token()}.example.com"}]).status_code == 201,
    "class-validator: without @Type() and @ValidateNested() the items of an array are not looked at",
)
def fifteenth_state_has_a_default() -> ASGIApp:
    """An item of domain_data without a state is taken as pending."""

    def stated(item: Any) -> Any:
        return {"state": "pending", **item} if isinstance(item, dict) else item

    return lenient(
        lambda body: (
            {**body, "domain_data": [stated(item) for item in body["domain_data"]]}
            if isinstance(body.get("domain_data"), list)
            else body
        )
    )


@fault(
    "status",
    "body.name-type",
    lambda w: w.create(name=[]).status_code == 400,
    "ASP.NET Core: [ApiController] answers 400 to an invalid model",
)
def fifteenth_invalid_models_are_bad_requests() -> ASGIApp:
    """A name of another type answers 400 instead of 422."""
    refused = bad_request("invalid_request_parameters", "One or more validation errors occurred.")

    def judged(request: Request) -> Reply | None:
        body = request.json
        wrong = isinstance(body, dict) and "name" in body and not isinstance(body["name"], str)
        return refused if wrong else None

    return rewriting(judged)


@fault(
    "metadata",
    "body.metadata-long-value",
    lambda w: w.create(metadata={"k": "v" * 601}).status_code == 422,
    "one schema validator, one status for all it finds",
)
def fifteenth_metadata_limits_are_unprocessable() -> ASGIApp:
    """Metadata beyond their limits answer 422 instead of 400."""

    def judged(request: Request) -> Reply | None:
        given = pairs(request.json) if isinstance(request.json, dict) else {}
        lengths = [(len(key), len(v)) for key, v in given.items() if isinstance(v, str)]
        beyond = len(given) > 50 or any(key > 40 or v > 600 for key, v in lengths)
        return unprocessable("metadata") if beyond else None

    return rewriting(judged)
