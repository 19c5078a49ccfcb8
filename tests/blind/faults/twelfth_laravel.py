"""A team with PHP: Laravel and MySQL."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from starlette.types import ASGIApp

from emulator.changes import Body
from emulator.records import Key, Organization
from emulator.store import Store
from emulator.walks import OLDER, Direction
from tests.blind.parts.apps import app, reading, showing, values
from tests.blind.parts.changing import updating
from tests.blind.parts.interception import Forward, intercepting, lenient, on_response, reshaped
from tests.blind.parts.listing import requery
from tests.blind.parts.messages import Object, Reply, Request
from tests.blind.parts.stores import EVERYBODY, matching
from tests.blind.registry import SHOULD, fault
from tests.blind.wire import Wire, domain, token, verified
from tests.mutants.planting import KEY


def _as_array(shown: Object, _: Organization) -> Object:
    pairs = shown["metadata"]
    counted = pairs and [*pairs] == [str(number) for number in range(len(pairs))]
    return {**shown, "metadata": [*pairs.values()]} if counted else shown


@fault(
    "metadata",
    "organization.metadata",
    lambda w: w.made(metadata={"0": "zero", "1": "one"})["metadata"] == ["zero", "one"],
    "PHP: json_encode of an array with the keys 0, 1, ...",
)
def twelfth_counted_metadata_is_an_array() -> ASGIApp:
    """Metadata whose keys are 0, 1 and so on is shown as an array."""
    return showing(_as_array)


def _renumbered(metadata: Any) -> dict[str, str]:
    result: dict[str, str] = {}
    number = 0
    for key, value in metadata.items():
        if re.fullmatch("0|[1-9][0-9]*", key):
            result[str(number)] = value
            number += 1
        else:
            result[key] = value
    return result


def _seven(w: Wire) -> object:
    id = w.made(metadata={"7": "seven"})["id"]
    return w.changed(id, metadata={"plan": "gold"})["metadata"] == {"0": "seven", "plan": "gold"}


@fault("metadata", "update.metadata-merges", _seven, "PHP: array_merge renumbers the keys that are numbers")
def twelfth_merging_renumbers_keys() -> ASGIApp:
    """An update that merges metadata numbers the keys that are whole numbers anew from 0."""

    def merged(made: Organization, _: Organization, body: Body) -> Organization:
        return dataclasses.replace(made, metadata=_renumbered(made.metadata)) if body.get("metadata") else made

    return updating(merged)


def _zero(w: Wire) -> object:
    id = w.made(name="Nothing")["id"]
    return id in w.ids(search="0")


@fault("search", "list.search", _zero, "PHP: if (!empty($search))")
def twelfth_search_for_zero_is_none() -> ASGIApp:
    """A search for the digit 0 alone lists everything."""
    return requery("(^|&)search=0(?=&|$)", r"\1")


@fault(
    "status codes",
    "answer.status",
    lambda w: w.create(name=1).status_code == 302,
    "Laravel: a ValidationException redirects back unless the client expects JSON",
)
def twelfth_invalid_bodies_are_redirected() -> ASGIApp:
    """In place of a 422 a client whose Accept does not speak of JSON is redirected."""

    def back(request: Request, response: Reply) -> Reply:
        if response.status != 422 or "json" in request.header("accept"):
            return response
        return Reply(302, (("location", "/"), ("content-type", "text/html; charset=utf-8")), b"Redirecting")

    return on_response(back)


def _no_empty(body: Object) -> Object:
    given = body.get("metadata")
    if not isinstance(given, dict):
        return body
    return {**body, "metadata": {key: None if value == "" else value for key, value in given.items()}}


def _emptied(w: Wire) -> object:
    id = w.made(metadata={"note": "x", "plan": "gold"})["id"]
    return w.changed(id, metadata={"note": ""})["metadata"] == {"plan": "gold"}


@fault("metadata", "update.sets-what-was-sent", _emptied, "Laravel: the middleware ConvertEmptyStringsToNull")
def twelfth_empty_value_in_an_update_removes_its_key() -> ASGIApp:
    """A metadata key that an update sets to an empty text goes."""
    return lenient(_no_empty, "update")


def _number(w: Wire) -> object:
    external_id = token()
    w.made(external_id=external_id)
    return '"allow_profiles_outside_organization":0' in w.lookup(external_id).text


@fault(
    "shape",
    "organization.allow-profiles",
    _number,
    "Laravel: DB::table(...)->first() knows no casts",
)
def twelfth_lookup_shows_a_number_for_a_boolean() -> ASGIApp:
    """A lookup shows allow_profiles_outside_organization as 1 or 0."""
    name = "allow_profiles_outside_organization"
    return reshaped(lambda shown: {**shown, name: int(shown[name])}, "lookup")


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"path": "C:\\temp"})["metadata"] == {"path": "C:temp"},
    "PHP: stripslashes",
)
def twelfth_backslashes_are_stripped() -> ASGIApp:
    """A backslash in a metadata value is lost."""
    return reading(metadata=values(lambda value: re.sub(r"\\(.?)", r"\1", value)))


def _quoted(w: Wire) -> object:
    name = f"{token()}'s"
    w.made(name=name)
    return w.ids(search=name) == []


@fault("search", "list.search-special-characters", _quoted, "PHP: addslashes on what is bound as a parameter anyhow")
def twelfth_quotes_in_a_search_are_escaped() -> ASGIApp:
    """A search puts a backslash before each quotation mark or apostrophe, so that names with one are not found."""
    return matching(lambda text, found: re.sub(r"(['\"\\])", r"\\\1", text).casefold() in found.name.casefold())


def _capitals(w: Wire) -> object:
    return w.other(f"Bearer {KEY.upper()}").get("/organizations").status_code == 200


@fault("authentication", "authentication.wrong-key", _capitals, "MySQL: WHERE api_key = ?, which minds no case")
def twelfth_key_in_any_case() -> ASGIApp:
    """The key is taken in capital and in small letters alike."""

    async def handle(request: Request, forward: Forward) -> Reply:
        right = request.header("authorization").lower() == f"bearer {KEY}".lower()
        return await forward(request.with_header("authorization", f"Bearer {KEY}") if right else request)

    return intercepting(handle)


def _none_plain(body: Object) -> Object:
    return {key: v for key, v in body.items() if key != "domain_data"} if body.get("domains") == [] else body


@fault(
    "domains",
    "create.returns-what-was-sent",
    lambda w: w.made(domains=[], domain_data=verified(domain()))["domains"] == [],
    "PHP: $request->input('domains') ?? $request->input('domain_data')",
)
def twelfth_empty_domains_hide_domain_data() -> ASGIApp:
    """domain_data is not looked at where domains is given and empty."""
    return lenient(_none_plain)


def _by_name(body: Object) -> Object:
    given = body.get("domains")
    if not isinstance(given, list):
        return body
    return {**body, "domains": [each.get("domain", each) if isinstance(each, dict) else each for each in given]}


@fault(
    "bodies",
    "body.domains-type",
    lambda w: w.create(domains=[{"domain": domain()}]).status_code == 201,
    "PHP: data_get($domain, 'domain', $domain)",
)
def twelfth_domains_may_be_objects() -> ASGIApp:
    """The deprecated domains are taken as objects with a domain, too."""
    return lenient(_by_name)


def _cut_short(w: Wire) -> object:
    ids = w.many(6)
    for id in ids[2:4]:
        w.delete(id)
    return ids[0] not in w.walk(limit=2)


@fault("paging", "list.walk-forward", _cut_short, "Laravel: SoftDeletes, with a collection that is filtered afterwards")
def twelfth_deleted_organizations_take_places() -> ASGIApp:
    """Deleted organizations still take their places on pages, and a walk ends at a page on which nothing is left."""
    ghosts: list[Organization] = []

    class Soft(Store):
        def delete(self, organization: Organization) -> None:
            super().delete(organization)
            ghosts.append(organization)

        def _walk(
            self, direction: Direction, than: Key, limit: int, search: str, domain: str | None
        ) -> list[Organization]:
            found = super()._walk(direction, than, EVERYBODY, search, domain)
            gone = [] if search or domain else [each for each in ghosts if _follows(direction, each.key, than)]
            every = sorted([*found, *gone], key=lambda each: each.key, reverse=direction is OLDER)[:limit]
            return [each for each in every if each not in ghosts]

    return app(Soft())


def _follows(direction: Direction, key: Key, than: Key) -> bool:
    return key < than if direction is OLDER else key > than


def _keyed(_: Request, response: Reply) -> Reply:
    value = response.json
    if response.status != 422 or not isinstance(value, dict):
        return response
    errors = {fault["field"]: [fault["message"]] for fault in value["errors"]}
    return response.with_json({"message": value["message"], "errors": errors})


@fault(
    "errors",
    "error.lists-each-fault",
    lambda w: isinstance(w.create(name=1).json()["errors"], dict),
    "Laravel: errors of a ValidationException",
    level=SHOULD,
)
def twelfth_errors_are_keyed_by_field() -> ASGIApp:
    """A 422 has its errors as an object from fields to texts, without codes."""
    return on_response(_keyed)
