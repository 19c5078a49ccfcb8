"""Wrong requests that validators, binders and parsers of JSON let pass."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.types import ASGIApp

from emulator.validation import Rules
from tests.blind.parts.apps import app
from tests.blind.parts.interception import lenient, on_request, on_response, strict
from tests.blind.parts.messages import Object, Reply, Request, unprocessable
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token


def _scalar(w: Wire) -> object:
    return w.create(domains=domain()).status_code == 201


@fault("refusals", "body.domains-type", _scalar, "Ajv: coerceTypes 'array', as in express-openapi-validator#702")
def tenth_text_becomes_a_list() -> ASGIApp:
    """Deprecated domains that are one text count as an array of it."""
    return lenient(
        lambda body: {**body, "domains": [body["domains"]]} if isinstance(body.get("domains"), str) else body
    )


def _with_items(body: Object, change: Any) -> Object:
    """The body with each item of domain_data that is an object changed."""
    items = body.get("domain_data")
    if not isinstance(items, list):
        return body
    return {**body, "domain_data": [change(item) if isinstance(item, dict) else item for item in items]}


def _ordinal(w: Wire) -> object:
    return w.create(domain_data=[{"domain": domain(), "state": 1}]).status_code == 201


STATES = ("verified", "pending")


@fault("refusals", "body.domain-data-type", _ordinal, "Jackson takes the position of a constant for an enum")
def tenth_states_by_position() -> ASGIApp:
    """A state in domain_data may be 0 or 1, the position among the states."""

    def named(item: Object) -> Object:
        state = item.get("state")
        return {**item, "state": STATES[state]} if type(state) is int and state in (0, 1) else item

    return lenient(lambda body: _with_items(body, named))


def _capitals(w: Wire) -> object:
    return w.create(domain_data=[{"domain": domain(), "state": "VERIFIED"}]).status_code == 201


@fault("refusals", "body.domain-data-state", _capitals, "Jackson: ACCEPT_CASE_INSENSITIVE_ENUMS")
def tenth_states_in_any_case() -> ASGIApp:
    """A state in domain_data is accepted in capital letters."""

    def small(item: Object) -> Object:
        state = item.get("state")
        return {**item, "state": state.lower()} if isinstance(state, str) else item

    return lenient(lambda body: _with_items(body, small))


def _lines(w: Wire) -> object:
    return w.create(external_id=f"{token()}\nÄ").status_code == 201 and w.create(external_id="Ä").status_code == 422


@fault("refusals", "body.external-id-characters", _lines, "davishmcclurg/json_schemer#12: ^ and $ are of lines in Ruby")
def tenth_one_line_of_external_id_is_checked() -> ASGIApp:
    """An external_id with other characters than ASCII is accepted where one of its lines has none."""

    class Lines(Rules):
        def create(self, content: bytes) -> Object:
            body = self.parsed(content)
            given = body.get("external_id") if isinstance(body, dict) else None
            if not isinstance(given, str) or not re.search(r"^[\x20-\x7e]+$", given, re.MULTILINE) or len(given) > 128:
                return super().create(content)
            checked = super().create(json.dumps({**body, "external_id": "a"}).encode())
            return {**checked, "external_id": given}

    return app(rules=Lines())


def _quotes(w: Wire) -> object:
    return w.post("{name: 'Acme'}").status_code == 201


@fault("refusals", "body.malformed", _quotes, "Gson is lenient: single quotes, and names without quotes")
def tenth_single_quotes_are_read() -> ASGIApp:
    """A body with single quotes, or with names that have none, is read as JSON."""

    class Lenient(Rules):
        def parsed(self, content: bytes) -> Any:
            text = content.decode(errors="replace")
            try:
                json.loads(text)
            except (ValueError, RecursionError):
                quoted = re.sub(r"([{,]\s*)([A-Za-z_]+)\s*:", r'\1"\2":', text)
                content = re.sub(r"'([^'\"]*)'", r'"\1"', quoted).encode()
            return super().parsed(content)

    return app(rules=Lenient())


def _map(w: Wire) -> object:
    items = {"0": {"domain": domain(), "state": "verified"}}
    return w.create(domain_data=items).status_code == 201


@fault("refusals", "body.domain-data-type", _map, "PHP: json_decode makes arrays of objects, and is_array is true")
def tenth_objects_count_as_lists() -> ASGIApp:
    """A domain_data that is an object of items counts as an array of them."""

    def listed(body: Object) -> Object:
        items = body.get("domain_data")
        return {**body, "domain_data": list(items.values())} if isinstance(items, dict) else body

    return lenient(listed)


def _no_name(w: Wire) -> object:
    return w.create(name="Null").status_code == 422 and w.create(name="Nullable").status_code == 201


@fault("refusals", "body.name-verbatim", _no_name, "forms that refuse people whose name is Null")
def tenth_names_like_null_are_missing() -> ASGIApp:
    """A name that is null, none or undefined in any case is refused as missing."""

    def judged(body: Object) -> Reply | None:
        name = body.get("name")
        missing = isinstance(name, str) and name.lower() in ("null", "none", "undefined")
        return unprocessable("name", "is required") if missing else None

    return strict(judged)


def _object(w: Wire) -> object:
    return w.create(name={"first": "Acme"}).json().get("name") == "[object Object]"


@fault("refusals", "body.name-type", _object, "String(req.body.name)")
def tenth_names_are_made_text() -> ASGIApp:
    """A name that is an object or an array is accepted and becomes the text that JavaScript makes of it."""

    def text(value: Any) -> Any:
        if isinstance(value, dict):
            return "[object Object]"
        return ",".join(map(str, value)) if isinstance(value, list) else value

    return lenient(lambda body: {**body, "name": text(body["name"])} if "name" in body else body)


def _array(w: Wire) -> object:
    return isinstance(w.create(name=5).json()["message"], list)


@fault("errors", "error.message", _array, "NestJS: ValidationPipe gives a message for each fault")
def tenth_messages_are_a_list() -> ASGIApp:
    """The message of a 422 is an array of texts."""

    def altered(_: Request, response: Reply) -> Reply:
        if response.status != 422:
            return response
        messages = [each["message"] for each in response.json["errors"]]
        return response.with_json({"statusCode": 422, "message": messages, "error": "Unprocessable Entity"})

    return on_response(altered)


def _bare(w: Wire) -> object:
    response = w.update("org_01EHZNVPK3SFK441A1RGBFSHRT", name="Acme")
    return response.status_code == 404 and response.content == b""


@fault("errors", "error.message", _bare, "ASP.NET: return NotFound() in one controller method of three")
def tenth_update_of_nothing_says_nothing() -> ASGIApp:
    """An update of an unknown id answers 404 without a body."""

    def altered(request: Request, response: Reply) -> Reply:
        empty = request.operation == "update" and response.status == 404
        return Reply(404, (("x-request-id", "planted-request"),), b"") if empty else response

    return on_response(altered)


def _escapes(w: Wire) -> object:
    return w.post('{"name": "a \\ud83d\\ude00"}').json()["name"] == "a \ufffd\ufffd"


PAIR = rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"


@fault("bodies", "body.json-escapes", _escapes, "parsers that decode each escape on its own, half a pair as U+FFFD")
def tenth_escaped_pairs_are_lost() -> ASGIApp:
    """A character beyond U+FFFF that is written as two escapes becomes two replacement characters."""

    def decoded(request: Request) -> Request:
        return request.replaced(body=re.sub(PAIR, rb"\\ufffd\\ufffd", request.body)) if request.writes else request

    return on_request(decoded)
