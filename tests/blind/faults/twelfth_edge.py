"""A team with a worker at the edge and a key-value store."""

from __future__ import annotations

import json
import time
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.records import Domain
from tests.blind.parts.apps import app, reading, showing_domains, values
from tests.blind.parts.interception import Forward, intercepting, on_response, reshaped
from tests.blind.parts.listing import requery
from tests.blind.parts.messages import Object, Reply, Request
from tests.blind.parts.twelfth import domain_names
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def _old_one(w: Wire) -> object:
    old = token()
    id = w.made(external_id=old)["id"]
    w.lookup(old)
    w.changed(id, external_id=token())
    return w.lookup(old).status_code == 200


@fault("caches", "lookup.after-change", _old_one, "A cache by external_id, purged by the external_id after the update")
def twelfth_old_external_id_stays_cached() -> ASGIApp:
    """An external_id that was looked up before still finds its organization after an update changed it."""
    cached: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized:
            return await forward(request)
        asked = unquote(request.last)
        if request.operation == "lookup" and asked in cached:
            return cached[asked]
        response = await forward(request)
        if request.operation == "lookup" and response.good:
            cached[asked] = response
        if request.operation == "update" and response.good:
            cached.pop(response.json["external_id"] or "", None)
        if request.operation == "delete":
            for key in [key for key, found in cached.items() if found.json["id"] == asked]:
                del cached[key]
        return response

    return intercepting(handle)


def _not_yet(w: Wire) -> object:
    external_id = token()
    w.lookup(external_id)
    w.changed(w.made()["id"], external_id=external_id)
    return w.lookup(external_id).status_code == 404


@fault("caches", "lookup.after-change", _not_yet, "A cache of what was not found, purged by creates alone")
def twelfth_not_found_outlives_an_update() -> ASGIApp:
    """An external_id that was looked up in vain is not found after an update has given it to an organization."""
    missing: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        asked = unquote(request.last)
        if request.authorized and request.operation == "lookup" and asked in missing:
            return missing[asked]
        response = await forward(request)
        if request.operation == "lookup" and response.status == 404:
            missing[asked] = response
        if request.operation == "create" and response.good:
            missing.pop(response.json["external_id"] or "", None)
        return response

    return intercepting(handle)


def _too_large(organization: Object) -> Object:
    large = len(json.dumps(organization["metadata"])) > 1024
    return {**organization, "metadata": {}} if large else organization


@fault(
    "metadata",
    "list.current-state",
    lambda w: w.listed(w.made(metadata={"a": "x" * 600, "b": "y" * 600})["id"])["metadata"] == {},
    "Workers KV: a list carries at most 1024 bytes of a key's metadata",
)
def twelfth_large_metadata_is_missing_in_lists() -> ASGIApp:
    """In lists the metadata of an organization is empty when it takes more than 1024 bytes."""
    return reshaped(_too_large, "list")


def _plain_text(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return w.lookup(external_id).headers["content-type"].startswith("text/plain")


@fault("content types", "answer.content-type", _plain_text, "new Response(JSON.stringify(organization))")
def twelfth_lookup_is_plain_text() -> ASGIApp:
    """What a lookup finds is labelled text/plain."""

    def labelled(request: Request, response: Reply) -> Reply:
        found = request.operation == "lookup" and response.good
        return response.with_header("Content-Type", "text/plain;charset=UTF-8") if found else response

    return on_response(labelled)


def _one_domain_id(w: Wire) -> object:
    given = verified(domain())
    first, second = [w.made(domain_data=given)["domains"][0]["id"] for _ in range(2)]
    return first == second


@fault("ids", "domain.ids-differ", _one_domain_id, "Ids that are a digest of what they stand for")
def twelfth_domain_id_follows_from_the_name() -> ASGIApp:
    """One domain has the same id in every organization."""

    def digested(shown: Object, kept: Domain) -> Object:
        return {**shown, "id": f"org_domain_0{sha256(kept.domain.encode()).hexdigest()[:25].upper()}"}

    return showing_domains(digested)


def _lost(w: Wire) -> object:
    for _ in range(3):
        id = w.made(name="First")["id"]
        started = time.monotonic()
        w.changed(id, name="Second")
        w.changed(id, name="Third")
        if time.monotonic() - started < CALM:
            return w.shown(id)["name"] == "Second"
    return None


CALM = 0.25
"""Seconds."""


@fault("update", "update.sets-what-was-sent", _lost, "Workers KV: one write a second to the same key")
def twelfth_second_of_two_quick_updates_is_lost() -> ASGIApp:
    """Of two updates of one organization within a quarter of a second, the second is answered but not kept."""
    written: dict[str, float] = {}

    class Throttled(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            if time.monotonic() - written.get(known.id, -CALM) < CALM:
                return self.responses.found(self.changes.updated(known, self.rules.update(call.content)))
            response = super().update(call)
            written[known.id] = time.monotonic()
            return response

    return app(api=Throttled)


def _split(given: Object) -> Object:
    parts = ((key if value is None else f"{key}={value}").partition("=") for key, value in given.items())
    return {key: value if equals else given[key] for key, equals, value in parts}


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: w.made(metadata={"a=b": "c"})["metadata"] == {"a": "b=c"},
    "Pairs that are kept as lines of key=value",
)
def twelfth_keys_end_at_an_equals_sign() -> ASGIApp:
    """A metadata key ends at its first equals sign, and what follows becomes part of the value."""
    return reading(metadata=_split)


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"address": "1 Main St\r\nOslo"})["metadata"] == {"address": "1 Main St\nOslo"},
    "Text files, which end their lines in one way",
)
def twelfth_carriage_returns_are_lost() -> ASGIApp:
    """A carriage return in a metadata value is lost."""
    return reading(metadata=values(lambda value: value.replace("\r", "")))


FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@fault(
    "names",
    "body.name-nfc",
    lambda w: "\u200d" not in w.made(name=f"Family {FAMILY}")["name"],
    "A cleaner that removes what cannot be seen",
)
def twelfth_joined_emoji_fall_apart() -> ASGIApp:
    """The joiners between the emoji of a name are lost, so that a family becomes its members."""
    return reading(name=lambda name: name.replace("\u200d", ""))


def _without_key(w: Wire) -> object:
    id = w.made()["id"]
    w.get(id)
    return w.other(None).get(f"/organizations/{id}").status_code == 200


@fault("authentication", "authentication.missing-key", _without_key, "A shared cache that knows no Authorization")
def twelfth_cache_stands_before_the_key() -> ASGIApp:
    """A get without a right key is answered with what a get with the key was answered since the last write."""
    cached: dict[str, Reply] = {}

    async def handle(request: Request, forward: Forward) -> Reply:
        if not request.authorized:
            return cached.get(request.path) or await forward(request)
        response = await forward(request)
        if request.writes:
            cached.clear()
        if request.operation == "get" and response.good:
            cached[request.path] = response
        return response

    return intercepting(handle)


def _hash(w: Wire) -> object:
    name = token()
    ids = [w.made(name=f"{name}#{number}")["id"] for number in (1, 2)]
    return sorted(w.ids(search=f"{name}#1")) == sorted(ids)


@fault("decoding", "list.search-special-characters", _hash, "fetch(origin + '?search=' + search), not encoded again")
def twelfth_queries_end_at_a_hash() -> ASGIApp:
    """The query of a list ends at a percent-encoded #."""
    return requery("%23.*", "")


def _unicode(name: str) -> str:
    try:
        return name.encode("ascii").decode("idna")
    except UnicodeError:
        return name


def _puny(w: Wire) -> object:
    name = f"xn--bcher-kva.{domain()}"
    made = w.changed(w.made()["id"], domain_data=verified(name))
    return made["domains"][0]["domain"] == f"bücher.{name.partition('.')[2]}"


@fault("domains", "body.domain-names-verbatim", _puny, "Node: url.domainToUnicode")
def twelfth_punycode_is_decoded() -> ASGIApp:
    """A domain in Punycode is shown in the letters that it stands for."""

    def decoded(shown: Object, _: Any) -> Object:
        return {**shown, "domain": _unicode(shown["domain"])}

    return showing_domains(decoded)


def _two_labels(w: Wire) -> object:
    return w.made(domain_data=verified(f"{token()}.example.com"))["domains"][0]["domain"] == "example.com"


@fault("domains", "create.returns-what-was-sent", _two_labels, "A domain that is found as host.split('.').slice(-2)")
def twelfth_domains_have_two_labels() -> ASGIApp:
    """Of a domain only the last two labels are kept."""
    return domain_names(lambda name: ".".join(name.split(".")[-2:]))
