"""Bodies on their way through a gateway and a validator."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.types import ASGIApp

from tests.blind.parts.interception import lenient, on_request
from tests.blind.parts.messages import Object, Reply, Request, reply, without
from tests.blind.registry import fault
from tests.blind.wire import ORGANIZATIONS, Wire, domain


def _completed(body: Object) -> Object:
    given = body.get("domain_data")
    if not isinstance(given, list):
        return body
    return {**body, "domain_data": [{"state": "pending", **each} if isinstance(each, dict) else each for each in given]}


@fault(
    "validation",
    "body.domain-data-incomplete",
    lambda w: w.create(domain_data=[{"domain": domain()}]).status_code == 201,
    "Python: item.get('state', 'pending')",
)
def eighth_state_of_domain_has_a_default() -> ASGIApp:
    """An item of domain_data without a state is taken as pending."""
    return lenient(_completed)


@fault(
    "validation",
    "body.name-type",
    lambda w: w.update(w.made()["id"], name=None).status_code == 200,
    "Go: a pointer to a string is nil for null as well as for nothing",
)
def eighth_null_name_is_no_name() -> ASGIApp:
    """An update whose name is null is carried out as if it had none."""
    return lenient(lambda body: without(body, "name") if body.get("name", "") is None else body, "update")


@fault(
    "validation",
    "body.not-an-object",
    lambda w: w.post('[{"name": "In a list"}]').status_code == 201,
    "Rails: params of a JSON array come under _json, and the first of them is taken",
)
def eighth_list_of_one_is_its_item() -> ASGIApp:
    """A body that is an array with one object is taken for that object."""

    def unwrapped(request: Request) -> Request:
        body = request.json
        one = isinstance(body, list) and len(body) == 1 and isinstance(body[0], dict)
        return request.with_json(body[0]) if one else request

    return on_request(unwrapped)


@fault(
    "gateway",
    "create.accepts-valid-bodies",
    lambda w: w.post('{"name": "Charset"}', Content_Type="application/json; charset=utf-8").status_code == 415,
    "a gateway that compares the whole header with application/json",
)
def eighth_charset_is_unsupported() -> ASGIApp:
    """A body labelled application/json with a charset answers 415."""

    def judged(request: Request) -> Request | Reply:
        labelled = request.header("content-type").replace(" ", "").lower()
        if labelled.startswith("application/json;charset"):
            return reply(415, {"message": "Unsupported Media Type"})
        return request

    return on_request(judged)


def _ten_pairs(w: Wire) -> object:
    return w.create(metadata={f"{at}".rjust(40, "k"): "v" * 600 for at in range(10)}).status_code == 413


@fault("gateway", "body.ten-full-pairs", _ten_pairs, "a gateway with a limit of 4 KB for bodies")
def eighth_gateway_takes_four_kilobytes() -> ASGIApp:
    """A body of more than 4096 bytes answers 413."""

    def judged(request: Request) -> Request | Reply:
        return reply(413, {"message": "Request Entity Too Large"}) if len(request.body) > 4096 else request

    return on_request(judged)


def _in_chunks(w: Wire) -> object:
    def chunks() -> Iterator[bytes]:
        yield b'{"name": '
        yield b'"Chunked"}'

    headers = {"Content-Type": "application/json"}
    return w.http.post(ORGANIZATIONS, content=chunks(), headers=headers).status_code == 422


@fault("gateway", "create.accepts-valid-bodies", _in_chunks, "WSGI and CGI: a body without Content-Length is empty")
def eighth_chunked_body_is_empty() -> ASGIApp:
    """A body that is sent in chunks, without Content-Length, is read as an empty one."""

    def read(request: Request) -> Request:
        return request.replaced(body=b"") if "chunked" in request.header("transfer-encoding").lower() else request

    return on_request(read)
