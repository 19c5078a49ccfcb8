"""Bodies of errors as frameworks write them when nobody says otherwise."""

from __future__ import annotations

import json

from starlette.types import ASGIApp

from tests.blind.parts.interception import on_request, on_response
from tests.blind.parts.messages import Reply, Request, without, written
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import ORGANIZATIONS, Wire, token

HTML = "text/html; charset=utf-8"
UNKNOWN = "org_01ARZ3NDEKTSV4RRFFQ69G5FAV"


@fault(
    "errors",
    "error.message",
    lambda w: "detail" in (body := w.post("{}").json()) and "message" not in body,
    "FastAPI: RequestValidationError",
)
def fifteenth_create_errors_have_details() -> ASGIApp:
    """The 422 of a create has a detail and no message."""

    def told(request: Request, response: Reply) -> Reply:
        if request.operation != "create" or response.status != 422:
            return response
        missing = {"type": "missing", "loc": ["body", "name"], "msg": "Field required", "input": {}}
        return response.with_json({"detail": [missing]})

    return on_response(told)


@fault(
    "errors",
    "error.message",
    lambda w: isinstance(w.update(w.made()["id"], name=5).json()["message"], list),
    "NestJS: ValidationPipe",
)
def fifteenth_update_messages_are_arrays() -> ASGIApp:
    """The message of an update's 422 is an array of texts."""

    def told(request: Request, response: Reply) -> Reply:
        if request.operation != "update" or response.status != 422:
            return response
        texts = [each["message"] for each in response.json["errors"]]
        return response.with_json({**response.json, "message": texts})

    return on_response(told)


@fault(
    "errors",
    "error.message",
    lambda w: "message" not in w.get(UNKNOWN).json(),
    "Spring Boot: server.error.include-message is never",
)
def fifteenth_not_found_has_no_message() -> ASGIApp:
    """The 404 of a get has a timestamp, a status, an error and a path, and no message."""

    def told(request: Request, response: Reply) -> Reply:
        if request.operation != "get" or response.status != 404:
            return response
        known = {"timestamp": "2026-01-01T00:00:00.000+00:00", "status": 404, "error": "Not Found"}
        return response.with_json({**known, "path": request.path})

    return on_response(told)


@fault(
    "errors",
    "answer.content-type",
    lambda w: w.list(limit=0).headers["content-type"].startswith("application/problem+json"),
    "ASP.NET Core: ValidationProblemDetails",
)
def fifteenth_list_errors_are_problems() -> ASGIApp:
    """The 422 of a list is labelled application/problem+json."""
    return on_response(
        lambda request, response: (
            response.with_header("content-type", "application/problem+json; charset=utf-8")
            if request.operation == "list" and response.status == 422
            else response
        )
    )


@fault(
    "errors",
    "answer.content-type",
    lambda w: w.lookup(token()).headers["content-type"].startswith("text/html"),
    "PHP: echo json_encode(...) without header()",
)
def fifteenth_lookup_errors_are_labelled_html() -> ASGIApp:
    """The 404 of a lookup is labelled text/html."""
    return on_response(
        lambda request, response: (
            response.with_header("content-type", HTML)
            if request.operation == "lookup" and response.status == 404
            else response
        )
    )


def _twice_encoded(w: Wire) -> object:
    taken = token()
    w.made(external_id=taken)
    return isinstance(w.create(external_id=taken).json(), str)


@fault("errors", "error.message", _twice_encoded, "Lambda: JSON.stringify() of an error that is one already")
def fifteenth_bad_requests_are_encoded_twice() -> ASGIApp:
    """The body of a 400 is a text that holds the JSON object."""
    return on_response(
        lambda _, response: (
            response.replaced(body=json.dumps(response.body.decode()).encode()) if response.status == 400 else response
        )
    )


@fault(
    "errors",
    "answer.content-type",
    lambda w: w.post("{").text.startswith("<!DOCTYPE"),
    "Express: body-parser's SyntaxError goes to the default error handler",
)
def fifteenth_syntax_errors_are_pages() -> ASGIApp:
    """The refusal of a body that is no JSON is a page of HTML."""
    page = b"<!DOCTYPE html><html><body><pre>SyntaxError: Unexpected end of JSON input</pre></body></html>"

    def read(request: Request) -> Request | Reply:
        broken = request.operation in ("create", "update") and request.json is None and request.body.strip() != b"null"
        return Reply(400, (("content-type", HTML), ("x-request-id", "planted")), page) if broken else request

    return on_request(read)


@fault(
    "errors",
    "error.message",
    lambda w: w.update(UNKNOWN, name="x").content == b"",
    "Spring: ResponseEntity.notFound().build()",
)
def fifteenth_update_of_nothing_says_nothing() -> ASGIApp:
    """The 404 of an update has no body."""

    def emptied(request: Request, response: Reply) -> Reply:
        if request.operation != "update" or response.status != 404:
            return response
        return response.replaced(body=b"").with_header("content-type", None)

    return on_response(emptied)


@fault(
    "status",
    "lookup.unknown",
    lambda w: w.lookup(token()).status_code == 200,
    "findFirst() gives null, and res.json(null) is 200",
)
def fifteenth_lookup_of_nothing_is_null() -> ASGIApp:
    """A lookup that finds nothing answers 200 with null."""
    return on_response(
        lambda request, response: (
            response.replaced(status=200, body=written(None))
            if request.operation == "lookup" and response.status == 404
            else response
        )
    )


@fault(
    "status",
    "get.unknown",
    lambda w: w.get(UNKNOWN).status_code == 403,
    "a policy that cannot find the resource denies: Pundit, S3 without ListBucket",
)
def fifteenth_unknown_ids_are_forbidden() -> ASGIApp:
    """A get of an id that no organization has answers 403."""
    return on_response(
        lambda request, response: (
            response.replaced(status=403) if request.operation == "get" and response.status == 404 else response
        )
    )


@fault(
    "headers",
    "list.any-client",
    lambda w: w.http.get(ORGANIZATIONS, headers={"Accept-Language": "xx-YY, de;q=0.5"}).status_code == 500,
    "Rails: I18n::InvalidLocale",
)
def fifteenth_unknown_languages_fail() -> ASGIApp:
    """A request whose Accept-Language begins with another language than English, German or French answers 500."""
    failed = Reply(500, (("content-type", "application/json"),), b'{"message":"Internal Server Error"}')

    def read(request: Request) -> Request | Reply:
        language = request.header("accept-language")[:2].lower()
        return failed if language not in ("", "en", "de", "fr", "*") and not language.startswith("*") else request

    return on_request(read)


@fault(
    "headers",
    "list.any-client",
    lambda w: w.http.get(ORGANIZATIONS, headers={"Accept": "application/*;q=0.9"}).status_code == 406,
    "request.headers.accept compared as a text",
)
def fifteenth_accept_is_compared_as_text() -> ASGIApp:
    """A request whose Accept names neither application/json nor */* answers 406, whatever ranges it has."""
    refused = Reply(406, (("content-type", "application/json"),), b'{"message":"Not Acceptable"}')

    def read(request: Request) -> Request | Reply:
        accept = request.header("accept")
        return request if not accept or "application/json" in accept or "*/*" in accept else refused

    return on_request(read)


@fault(
    "headers",
    "answer.content-type",
    lambda w: (
        w.http.get(ORGANIZATIONS, headers={"Accept": "text/html,application/json;q=0.9,*/*;q=0.8"})
        .headers["content-type"]
        .startswith("text/html")
    ),
    "Django REST framework: BrowsableAPIRenderer",
)
def fifteenth_browsers_are_given_pages() -> ASGIApp:
    """Who accepts text/html is given a list as a page of HTML."""

    def rendered(request: Request, response: Reply) -> Reply:
        if request.operation != "list" or "text/html" not in request.header("accept"):
            return response
        page = b"<!DOCTYPE html><html><body><pre>" + response.body + b"</pre></body></html>"
        return response.replaced(body=page).with_header("content-type", HTML)

    return on_response(rendered)


@fault(
    "errors",
    "error.lists-each-fault",
    lambda w: isinstance(w.post("{}").json()["errors"], dict),
    "Laravel: { message, errors: { name: [...] } }",
    level=SHOULD,
)
def fifteenth_errors_are_an_object() -> ASGIApp:
    """The errors of a create's 422 are an object of texts by field, without codes."""

    def told(request: Request, response: Reply) -> Reply:
        if request.operation != "create" or response.status != 422:
            return response
        errors = {each["field"]: [each["message"]] for each in response.json["errors"]}
        return response.with_json({**response.json, "errors": errors})

    return on_response(told)


def _codeless(w: Wire) -> object:
    taken = token()
    w.made(external_id=taken)
    answer = w.create(external_id=taken)
    return answer.status_code == 400 and "code" not in answer.json()


@fault("errors", "create.external-id-taken", _codeless, "{ statusCode: 400, message, error: 'Bad Request' }")
def fifteenth_taken_external_ids_have_no_code() -> ASGIApp:
    """The 400 of a create with a taken external_id has no code."""

    def told(request: Request, response: Reply) -> Reply:
        value = response.json if request.operation == "create" and response.status == 400 else None
        if not isinstance(value, dict) or value.get("code") != "external_id_already_used":
            return response
        return response.with_json({"statusCode": 400, **without(value, "code"), "error": "Bad Request"})

    return on_response(told)
