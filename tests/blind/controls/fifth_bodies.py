"""Bodies that are refused or read in a way that the sources leave open."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.idempotency import Replays
from emulator.records import Organization
from emulator.refusals import IdempotencyKeyReused
from tests.blind.parts.apps import app
from tests.blind.parts.interception import on_response, strict
from tests.blind.parts.messages import Object, bad_request, pairs, reply, unprocessable
from tests.blind.registry import control
from tests.blind.wire import Wire, domain, pending, token, verified

KIND = "fifth: bodies"

KNOWN = {"name", "domains", "domain_data", "metadata", "external_id", "allow_profiles_outside_organization"}


@control(KIND, "create.unknown-property is INFO", lambda w: w.create(other=5).status_code == 422)
def fifth_create_refuses_unknown_properties() -> ASGIApp:
    """A create with an unknown property answers 422."""
    return strict(lambda body: unprocessable() if body.keys() - KNOWN else None, "create")


def name_of(body: Object) -> str:
    """The name in a body; nothing where there is none."""
    name = body.get("name")
    return name if isinstance(name, str) else ""


@control(KIND, "create.empty-name is INFO", lambda w: w.create(name=" ").status_code == 422, may_warn=True)
def fifth_blank_names_refused() -> ASGIApp:
    """A name of nothing but white space is refused."""
    return strict(lambda body: unprocessable("name") if "name" in body and not name_of(body).strip() else None)


@control(KIND, "FACTS: a very long name may be refused", lambda w: w.create(name="a" * 256).status_code == 422)
def fifth_names_above_255_refused() -> ASGIApp:
    """A name of more than 255 characters is refused."""
    return strict(lambda body: unprocessable("name", "is too long") if len(name_of(body)) > 255 else None)


@control(KIND, "FACTS: control characters may be refused", lambda w: w.create(name="a\tb").status_code == 422)
def fifth_control_characters_in_names_refused() -> ASGIApp:
    """A name with a control character is refused."""
    return strict(
        lambda body: unprocessable("name") if re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", name_of(body)) else None
    )


@control(KIND, "body.malformed: a fault of the client", lambda w: w.post(b"{").status_code == 400, may_warn=True)
def fifth_malformed_json_answers_400() -> ASGIApp:
    """A body that is no JSON answers 400 with nothing but a message."""
    return on_response(
        lambda request, response: (
            reply(400, {"message": "Malformed JSON"})
            if response.status == 422 and request.method != "GET" and not is_json(request.body)
            else response
        )
    )


def is_json(body: bytes) -> bool:
    """Whether a body is JSON of a sensible depth."""
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def doubled(w: Wire) -> bool:
    name = domain()
    return w.update(w.made()["id"], domain_data=verified(name, name)).status_code == 422


@control(KIND, "update.domain-twice is INFO", doubled)
def fifth_domain_given_twice_refused() -> ASGIApp:
    """A domain that is given twice in one domain_data is refused."""

    def broken(body: Object) -> Any:
        given = body.get("domain_data")
        items = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
        names = [each["domain"] for each in items if isinstance(each.get("domain"), str)]
        return unprocessable("domain_data", "names a domain twice") if len(names) > len({*names}) else None

    return strict(broken)


def kept(w: Wire) -> bool:
    return bool(w.changed(w.made(metadata={"a": "b"})["id"], metadata=None)["metadata"])


@control(KIND, "update.metadata-null is INFO", kept)
def fifth_update_keeps_pairs_at_null() -> ASGIApp:
    """An update with metadata of null keeps all pairs."""

    class Keeping(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            given = body.get("metadata")
            return known.metadata if given is None else super().next_metadata(known, body)

    return app(changes=Keeping())


@control(KIND, "no source says which fault comes first", lambda w: w.update("org_a", name=5).status_code == 422)
def fifth_update_looks_at_the_body_first() -> ASGIApp:
    """An update with an invalid body answers 422, whether there is such an organization or not."""

    class BodyFirst(Api):
        def update(self, call: Call) -> Response:
            self.rules.update(call.content)
            return super().update(call)

    return app(api=BodyFirst)


def eleven(w: Wire) -> bool:
    return w.create(metadata={str(n): "a" for n in range(11)}).status_code == 400


@control(KIND, "D: an older guide has ten pairs", eleven, may_warn=True)
def fifth_ten_pairs_at_most() -> ASGIApp:
    """Metadata have at most ten pairs, after an update too."""

    class Ten(Changes):
        def first_metadata(self, body: Body) -> Mapping[str, str]:
            return self.limited(super().first_metadata(body))

        def limited(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
            return super().limited(metadata if len(metadata) <= 10 else {str(n): "" for n in range(51)})

    return app(changes=Ten())


@control(
    KIND, "D: an older guide has ASCII alone", lambda w: w.create(metadata={"a": "é"}).status_code == 400, may_warn=True
)
def fifth_metadata_in_ascii_alone() -> ASGIApp:
    """Metadata that are not ASCII are refused."""

    def broken(body: Object) -> Any:
        found = pairs(body)
        texts = [*found, *(v for v in found.values() if isinstance(v, str))]
        return bad_request("invalid_metadata") if not all(each.isascii() for each in texts) else None

    return strict(broken)


def shared(w: Wire) -> bool:
    name = domain()
    w.made(domain_data=verified(name))
    return w.create(domain_data=pending(name)).status_code == 409


@control(KIND, "D speaks of verified domains alone", shared, may_warn=True)
def fifth_pending_domain_of_another_refused() -> ASGIApp:
    """A create with a pending domain that another organization has answers 409."""

    class Guarding(Api):
        def create(self, call: Call) -> Response:
            given = self.rules.create(call.content).get("domain_data", ())
            waiting = [each["domain"] for each in given if each["state"] == "pending"]
            if any(self.store.newer((-1, ""), 1, "", each) for each in waiting):
                return self.responses.json(409, {"message": "Another organization has this domain."})
            return super().create(call)

    return app(api=Guarding)


def key_again(w: Wire) -> bool:
    key = {"Idempotency-Key": token()}
    first, second = (w.http.post("/organizations", json={"name": name}, headers=key) for name in "ab")
    return first.status_code == 201 and second.status_code == 409


@control(KIND, "create.idempotency-conflict is INFO", key_again)
def fifth_idempotency_key_with_another_body_answers_409() -> ASGIApp:
    """The same Idempotency-Key with another body answers 409."""

    class Conflict(IdempotencyKeyReused):
        status = 409

    class Conflicting(Replays):
        def recall(self, key: str | None, body: Mapping[str, Any]) -> Organization | None:
            try:
                return super().recall(key, body)
            except IdempotencyKeyReused:
                raise Conflict(str(key)) from None

    return app(replays=Conflicting())


@control(
    KIND,
    "create.accepts-dot-segments is SHOULD",
    lambda w: w.create(external_id="..").status_code == 422,
    may_warn=True,
)
def fifth_dot_segments_refused() -> ASGIApp:
    """An external_id of one or two dots is refused."""
    return strict(lambda body: unprocessable("external_id") if body.get("external_id") in (".", "..") else None)


@control(KIND, "O has no null there", lambda w: w.create(domains=None).status_code == 422, may_warn=True)
def fifth_null_lists_refused() -> ASGIApp:
    """null for domains, domain_data or the flag is refused."""

    fields = ("domains", "domain_data", "allow_profiles_outside_organization")
    return strict(lambda body: unprocessable() if any(body.get(each, 0) is None for each in fields) else None)
