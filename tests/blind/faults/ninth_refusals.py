"""Bodies that are taken although the contract forbids them, and refusals that leave something behind."""

from __future__ import annotations

import json

from starlette.types import ASGIApp

from tests.blind.parts.asking import asked, fields
from tests.blind.parts.interception import Forward, intercepting, lenient, on_request
from tests.blind.parts.messages import Object, Reply, Request, crash, reply
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token


def _states(w: Wire) -> object:
    id = w.made()["id"]
    return w.update(id, domain_data=[{"domain": domain(), "state": "failed"}]).status_code == 200


@fault("refusals", "body.domain-data-state", _states, "one enumeration for what is read and what is shown")
def ninth_update_takes_shown_states() -> ASGIApp:
    """An update takes the states failed, unverified and legacy_verified in domain_data, and reads them as pending."""

    def mended(item: object) -> object:
        shown = isinstance(item, dict) and item.get("state") in ("failed", "unverified", "legacy_verified")
        return {**item, "state": "pending"} if isinstance(item, dict) and shown else item

    def read(body: Object) -> Object:
        items = body.get("domain_data")
        return {**body, "domain_data": [mended(item) for item in items]} if isinstance(items, list) else body

    return lenient(read, "update")


def _single(w: Wire) -> object:
    return w.create(domain_data={"domain": domain(), "state": "verified"}).status_code == 201


@fault(
    "refusals",
    "body.domain-data-type",
    _single,
    "Array.wrap, or a deserializer that accepts a single value as an array",
)
def ninth_single_domain_data_are_wrapped() -> ASGIApp:
    """A domain_data that is an object is read as an array of this object."""

    def read(body: Object) -> Object:
        item = body.get("domain_data")
        return {**body, "domain_data": [item]} if isinstance(item, dict) else body

    return lenient(read)


@fault(
    "refusals",
    "body.name-type",
    lambda w: w.create(name=True).status_code == 201,
    "a text field that casts what it gets",
)
def ninth_names_are_cast() -> ASGIApp:
    """A name that is a number or a boolean is taken as its text."""

    def read(body: Object) -> Object:
        name = body.get("name")
        return {**body, "name": json.dumps(name)} if isinstance(name, bool | int | float) else body

    return lenient(read)


@fault(
    "refusals",
    "body.external-id-characters",
    lambda w: w.update(w.made(external_id=token())["id"], external_id="").status_code == 200,
    "a callback that makes null of blank texts before an update",
)
def ninth_update_reads_blank_as_null() -> ASGIApp:
    """An update with an empty external_id clears it."""
    return lenient(lambda body: {**body, "external_id": None} if body.get("external_id") == "" else body, "update")


@fault(
    "refusals",
    "body.metadata-type",
    lambda w: w.create(metadata={"a": 5, "b": True}).status_code == 201,
    "Map<String, Object> with toString()",
)
def ninth_metadata_values_are_cast() -> ASGIApp:
    """Values of metadata that are numbers or booleans are taken as their text."""

    def read(body: Object) -> Object:
        found = body.get("metadata")
        if not isinstance(found, dict):
            return body
        cast = {key: json.dumps(v) if isinstance(v, bool | int | float) else v for key, v in found.items()}
        return {**body, "metadata": cast}

    return lenient(read)


@fault(
    "refusals",
    "body.metadata-long-value",
    lambda w: len(w.create(metadata={"a": "x" * 700}).json().get("metadata", {}).get("a", "")) == 600,
    "MySQL without strict mode",
)
def ninth_long_values_are_cut() -> ASGIApp:
    """Values of metadata of more than 600 characters are cut off."""

    def read(body: Object) -> Object:
        found = body.get("metadata")
        if not isinstance(found, dict):
            return body
        return {**body, "metadata": {key: v[:600] if isinstance(v, str) else v for key, v in found.items()}}

    return lenient(read)


@fault(
    "refusals",
    "body.almost-json",
    lambda w: w.post('{"name": "a"} {"name": "b"}').status_code == 201,
    "json.NewDecoder(r.Body).Decode(&body) reads one value",
)
def ninth_text_after_json_is_ignored() -> ASGIApp:
    """What stands after the first JSON value of a body is ignored."""

    def read(request: Request) -> Request:
        text = request.body.decode(errors="replace")
        try:
            value, end = json.JSONDecoder().raw_decode(text.lstrip())
        except (ValueError, RecursionError):
            return request
        return request.with_json(value) if text.lstrip()[end:].strip() else request

    return on_request(read)


@fault(
    "refusals",
    "body.not-an-object",
    lambda w: w.post("null").status_code == 500,
    "body.name of a body that is null",
)
def ninth_null_as_body_fails() -> ASGIApp:
    """A create or an update whose body is null answers 500."""

    def failed(request: Request) -> Request | Reply:
        return crash() if request.operation in ("create", "update") and request.body.strip() == b"null" else request

    return on_request(failed)


def refused_in_part(names: tuple[str, ...]) -> ASGIApp:
    """An app in which an update that is refused with 400 has written some of its fields."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "update" and response.status == 400:
            given = {name: value for name, value in fields(request).items() if name in names}
            if given:
                await forward(asked(request, "PUT", request.path, given))
        return response

    return intercepting(handle)


def _name_written(w: Wire) -> object:
    taken = token()
    w.made(external_id=taken)
    id = w.made(name="Old")["id"]
    return w.update(id, name="New", external_id=taken).status_code == 400 and w.shown(id)["name"] == "New"


@fault("refusals", "update.refusal-changes-nothing", _name_written, "one statement for each field, and no transaction")
def ninth_refused_update_renames() -> ASGIApp:
    """An update that is refused with 400 has changed the name."""
    return refused_in_part(("name",))


def _reserved(w: Wire) -> object:
    external = token()
    w.create(external_id=external, metadata={"a" * 41: "b"})
    return w.create(external_id=external).status_code == 400


@fault(
    "refusals", "create.refusal-leaves-nothing", _reserved, "a map of taken values that is filled before all is checked"
)
def ninth_refused_create_takes_the_external_id() -> ASGIApp:
    """The external_id of a create that was refused with the code invalid_metadata stays taken."""
    reserved: set[str] = set()

    async def handle(request: Request, forward: Forward) -> Reply:
        id = fields(request).get("external_id") if request.operation == "create" else None
        if isinstance(id, str) and id in reserved and request.authorized:
            return reply(400, {"message": "Already used.", "code": "external_id_already_used"})
        response = await forward(request)
        if isinstance(id, str) and response.status == 400 and response.json.get("code") == "invalid_metadata":
            reserved.add(id)
        return response

    return intercepting(handle)
