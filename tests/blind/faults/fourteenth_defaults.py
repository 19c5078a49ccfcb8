"""Defaults of libraries that nobody chose."""

from __future__ import annotations

import dataclasses
import re
from urllib.parse import unquote

from starlette.types import ASGIApp

from emulator.changes import Body
from emulator.records import Organization
from emulator.validation import Listing
from tests.blind.parts.apps import reading, showing
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import on_request, reshaped, strict
from tests.blind.parts.listing import listing
from tests.blind.parts.messages import Object, Reply, Request, crash, not_found
from tests.blind.parts.stores import matching
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified


def _long_step(w: Wire) -> object:
    id = token() + "x" * 90
    return w.create(external_id=id).status_code == 201 and w.lookup(id).status_code == 404


@fault("lookup", "lookup.answers", _long_step, "Fastify: maxParamLength is 100")
def fourteenth_long_steps_are_not_routed() -> ASGIApp:
    """A lookup of an external_id of more than 100 characters answers 404, although creates take 128."""

    def routed(request: Request) -> Request | Reply:
        step = unquote(request.last)
        return not_found(step) if request.operation == "lookup" and len(step) > 100 else request

    return on_request(routed)


@fault(
    "external_id",
    "list.current-state",
    lambda w: w.listed(w.made()["id"])["external_id"] == "",
    "Fastify: fast-json-stringify writes null as an empty text where the schema says string",
)
def fourteenth_lists_show_empty_external_ids() -> ASGIApp:
    """Lists show an external_id of null as the empty text."""
    return reshaped(lambda shown: {**shown, "external_id": shown["external_id"] or ""}, "list")


def _beyond(w: Wire) -> object:
    start = (token() + "x" * 32)[:32]
    first, second = (w.made(name=start + end)["id"] for end in ("first", "second"))
    return {*w.ids(search=f"{start}first")} == {first, second}


@fault("search", "list.search", _beyond, "Fuse.js: patterns of at most 32 characters")
def fourteenth_search_looks_at_32_characters() -> ASGIApp:
    """Of a search for more than 32 characters the first 32 count."""
    return matching(lambda text, found: text[:32].casefold() in found.name.casefold())


def _short(w: Wire) -> object:
    name = token()
    w.made(name=f"{name} QX")
    return w.ids(search="qx") == [] and w.ids(search=name) != []


@fault("search", "list.search", _short, "Fuse.js: minMatchCharLength; SQLite: trigrams")
def fourteenth_short_searches_find_nothing() -> ASGIApp:
    """A search for one or two characters finds nothing."""
    return matching(lambda text, found: len(text) > 2 and text.casefold() in found.name.casefold())


@fault(
    "shape",
    "organization.domains",
    lambda w: "domains" not in w.made(),
    "kotlinx.serialization: what equals its default is not encoded",
)
def fourteenth_defaults_are_not_encoded() -> ASGIApp:
    """domains are left out where there are none."""
    return showing(lambda shown, _: {k: v for k, v in shown.items() if k != "domains" or v})


def _across(w: Wire) -> object:
    return w.create(name="a" * 19 + "é").status_code == 500


@fault("names", "body.name-nfc", _across, "Rust: a line of the log with &name[..20]")
def fourteenth_names_are_sliced_by_bytes() -> ASGIApp:
    """A create with a name whose twentieth byte lies within a character of several answers 500."""

    def panics(body: Object) -> Reply | None:
        name = body.get("name")
        encoded = name.encode("utf-8", "replace") if isinstance(name, str) else b""
        return crash() if len(encoded) > 20 and encoded[20] & 0xC0 == 0x80 else None

    return strict(panics, "create")


def _third(w: Wire) -> object:
    names = [domain() for _ in range(3)]
    ids = [w.made(domain_data=verified(name))["id"] for name in names]
    return w.ids(domains=names[0]) == ids[:1] and ids[2] not in w.ids(domains=",".join(names))


@fault("domains", "list.several-domains", _third, 'String.split(domains, ",", parts: 2)')
def fourteenth_domains_are_split_once() -> ASGIApp:
    """Of several values of domains the first alone is split off; two values work, unlike three."""

    def split(asked: Listing) -> Listing:
        first, *others = asked.domains or ("",)
        return asked if len(others) < 2 else dataclasses.replace(asked, domains=(first, ",".join(others)))

    return listing(split)


def _no_change(w: Wire) -> object:
    id = w.made(name="Same")["id"]
    return w.changed(id, name="Same", metadata={"tier": "gold"})["metadata"] == {}


@fault(
    "updates", "update.sets-what-was-sent", _no_change, "a later fix: no event of an update where the name is the same"
)
def fourteenth_same_name_is_no_change() -> ASGIApp:
    """An update that repeats the organization's name changes nothing, whatever else it names."""
    return updating(lambda made, known, body: known if body.get("name") == known.name else made)


def _reset(w: Wire) -> object:
    id = w.made(allow_profiles_outside_organization=True)["id"]
    return w.changed(id, name="Later")["allow_profiles_outside_organization"] is False


@fault("updates", "update.keeps-the-rest", _reset, "AJV: useDefaults; a data class with default values")
def fourteenth_updates_have_defaults() -> ASGIApp:
    """An update that leaves allow_profiles_outside_organization out sets it to false."""

    def changed(made: Organization, _: Organization, body: Body) -> Organization:
        given = body.get("allow_profiles_outside_organization", False)
        return dataclasses.replace(made, allow_profiles=given)

    return updating(changed)


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: w.made(metadata={"Plan": "one", "plan": "two"})["metadata"] == {"Plan": "two"},
    "C#: StringComparer.OrdinalIgnoreCase",
)
def fourteenth_metadata_keys_have_no_case() -> ASGIApp:
    """Of metadata keys that differ in case alone the first one stays, with the value of the last."""

    def folded(metadata: Object) -> Object:
        names: dict[str, str] = {}
        return {names.setdefault(key.lower(), key): value for key, value in metadata.items()}

    return reading(metadata=folded)


@fault(
    "names",
    "body.name-verbatim",
    lambda w: w.made(name="R&amp;D")["name"] == "R&D",
    "Ruby and PHP: CGI.unescapeHTML and html_entity_decode against names that were escaped once too often",
)
def fourteenth_entities_are_resolved() -> ASGIApp:
    """An entity of HTML in a name, such as &amp; or &lt;, comes back as the character that it stands for."""
    entities = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'"}
    return reading(name=lambda name: re.sub("&(amp|lt|gt|quot|#39);", lambda found: entities[found[0]], name))
