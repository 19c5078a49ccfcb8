"""What firewalls block, and what validation leaves out."""

from __future__ import annotations

import json
from dataclasses import replace

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.records import Domain, Organization
from tests.blind.parts.apps import app
from tests.blind.parts.interception import lenient, on_request, on_response, reshaped, strict
from tests.blind.parts.messages import Object, Reply, Request, pairs, texts
from tests.blind.registry import fault
from tests.blind.wire import Wire, deleted, domain, token, verified

REFUSALS = "fourth: refusals left out"
FIREWALL = "fourth: firewalls"
NONE = "none: not looked up"


def blocked() -> Reply:
    return Reply(403, (("content-type", "text/html"),), b"<html><title>Attention Required!</title></html>")


@fault(
    FIREWALL,
    NONE,
    lambda w: w.create(metadata={"a": "<script>alert(1)</script>"}).status_code == 403,
    "managed rules of Cloudflare",
)
def fourth_scripts_in_metadata_blocked() -> ASGIApp:
    """A body with <script in its metadata is answered by the firewall with 403."""
    return strict(lambda body: blocked() if any("<script" in text for text in texts(pairs(body))) else None)


@fault(FIREWALL, NONE, lambda w: w.create(name="' OR 1=1 --").status_code == 403, "managed rules of Cloudflare")
def fourth_sql_in_names_blocked() -> ASGIApp:
    """A body whose name looks like an SQL injection is answered by the firewall with 403."""
    return strict(lambda body: blocked() if "' or " in str(body.get("name")).lower() else None)


def traversal(w: Wire) -> bool:
    taken = f"../{token()}"
    w.made(external_id=taken)
    return w.lookup(taken).status_code == 403


@fault(FIREWALL, NONE, traversal, "rules against path traversal")
def fourth_dots_and_slash_blocked_in_lookup() -> ASGIApp:
    """The lookup of an external_id with ../ is answered by the firewall with 403."""
    return on_request(lambda request: blocked() if "..%2f" in request.path.lower() else request)


def without_agent(w: Wire) -> bool:
    request = w.http.build_request("GET", "/organizations")
    del request.headers["user-agent"]
    return w.http.send(request).status_code == 403


@fault(FIREWALL, NONE, without_agent, "browser integrity check of Cloudflare")
def fourth_request_without_agent_blocked() -> ASGIApp:
    """A request without User-Agent answers 403."""
    return on_request(lambda request: request if request.header("user-agent") else blocked())


def not_updated(w: Wire) -> bool:
    id = w.made()["id"]
    changed = w.changed(id, name="Other")
    return bool(w.listed(id)["updated_at"] != changed["updated_at"])


@fault("fourth: time stamps", NONE, not_updated, "a covering index without the column")
def fourth_list_shows_created_for_updated() -> ASGIApp:
    """Lists show created_at as updated_at."""
    return reshaped(lambda shown: {**shown, "updated_at": shown["created_at"]}, "list")


def looked_at(w: Wire) -> bool:
    taken = token()
    w.made(external_id=taken)
    return bool(w.lookup(taken).json()["updated_at"] != w.lookup(taken).json()["updated_at"])


@fault("fourth: time stamps", NONE, looked_at, "a column for the last access that touches the row")
def fourth_lookup_moves_updated_at() -> ASGIApp:
    """A lookup moves updated_at."""

    class Touching(Api):
        def lookup(self, call: Call) -> Response:
            known = self.known_outside(call.path["external_id"])
            self.store.update(replace(known, updated_at=self.changes.moved(known.updated_at)))
            return super().lookup(call)

    return app(api=Touching)


@fault("fourth: deletion", NONE, lambda w: w.get(deleted(w)["id"]).status_code == 410, "what REST guides advise")
def fourth_deleted_is_gone() -> ASGIApp:
    """A get of a deleted organization answers 410."""
    gone: set[str] = set()

    def change(request: Request, response: Reply) -> Reply:
        if request.operation == "delete" and response.good:
            gone.add(request.last)
        return response.replaced(status=410) if request.operation == "get" and request.last in gone else response

    return on_response(change)


@fault(
    REFUSALS, NONE, lambda w: w.put(w.made()["id"], "[]").status_code == 200, "an empty array of PHP is an empty object"
)
def fourth_update_takes_empty_array() -> ASGIApp:
    """An update whose body is an empty array is accepted."""
    return on_request(
        lambda request: request.with_json({}) if request.operation == "update" and request.json == [] else request
    )


def array_clears(w: Wire) -> bool:
    return w.update(w.made(metadata={"a": "b"})["id"], metadata=[]).status_code == 200


@fault(REFUSALS, NONE, array_clears, "an empty array of PHP is an empty object")
def fourth_update_takes_empty_array_for_metadata() -> ASGIApp:
    """An update whose metadata are an empty array removes all."""
    return lenient(lambda body: {**body, "metadata": {}} if body.get("metadata") == [] else body, "update")


@fault(REFUSALS, NONE, lambda w: w.update(w.made()["id"], name=123).status_code == 200, "casting of Mongoose")
def fourth_update_casts_numbers_in_name() -> ASGIApp:
    """An update whose name is a number is accepted."""
    return lenient(
        lambda body: {**body, "name": json.dumps(body["name"])} if type(body.get("name")) in (int, float) else body,
        "update",
    )


def wrapped(w: Wire) -> bool:
    return w.update(w.made()["id"], domains=domain()).status_code == 200


@fault(REFUSALS, NONE, wrapped, "casting of Mongoose")
def fourth_update_takes_one_domain_for_a_list() -> ASGIApp:
    """An update whose domains are a text is accepted."""
    return lenient(
        lambda body: {**body, "domains": [body["domains"]]} if isinstance(body.get("domains"), str) else body, "update"
    )


def failed_state(w: Wire) -> bool:
    return w.update(w.made()["id"], domain_data=[{"domain": domain(), "state": "legacy_verified"}]).status_code == 200


@fault(REFUSALS, NONE, failed_state, "one enum for requests and responses")
def fourth_update_takes_any_state() -> ASGIApp:
    """An update accepts the states that only responses have, as verified."""

    def change(body: Object) -> Object:
        data = body.get("domain_data")
        if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
            return body
        others = ("failed", "legacy_verified", "unverified")
        return {
            **body,
            "domain_data": [{**each, "state": "verified"} if each.get("state") in others else each for each in data],
        }

    return lenient(change, "update")


def same_domain_twice(w: Wire) -> bool:
    name = domain()
    id = w.made(domain_data=verified(name))["id"]
    old = w.shown(id)["domains"][0]["id"]
    w.changed(id, external_id=token())
    return bool(w.shown(id)["domains"][0]["id"] != old)


@fault("fourth: domains", NONE, same_domain_twice, "an aggregate that is saved by delete and insert")
def fourth_domain_ids_change_with_external_id() -> ASGIApp:
    """An update of external_id gives the domains new ids."""

    class Anew(Changes):
        def replaced_domains(self, known: Organization, body: Body, moment: int) -> tuple[Domain, ...]:
            found = super().replaced_domains(known, body, moment)
            if "external_id" not in body:
                return found
            return tuple(replace(each, id=self.domain_id(moment)) for each in found)

    return app(changes=Anew())
