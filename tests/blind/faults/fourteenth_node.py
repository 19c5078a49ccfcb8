"""Emulators of a few hundred lines of JavaScript, with an array or an object as store."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from starlette.types import ASGIApp

from emulator.records import Organization
from tests.blind.parts.apps import keys, reading, showing
from tests.blind.parts.asking import asked
from tests.blind.parts.interception import Forward, intercepting, on_request, strict
from tests.blind.parts.messages import Object, Reply, Request, bad_request
from tests.blind.parts.stores import matching
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

NOBODY = "org_01HZZZZZZZZZZZZZZZZZZZZZZZ"


def _wrong_one(w: Wire) -> object:
    id = w.made()["id"]
    w.delete(NOBODY)
    return w.get(id).status_code == 404


@fault(
    "delete", "delete.leaves-others-alone", _wrong_one, "array.splice(array.findIndex(...), 1) where nothing is found"
)
def fourteenth_unknown_delete_takes_the_last() -> ASGIApp:
    """A delete of an id that no organization has answers 404 and removes the newest organization."""

    async def handle(request: Request, forward: Forward) -> Reply:
        response = await forward(request)
        if request.operation == "delete" and response.status == 404:
            page = await forward(asked(request, "GET", "/organizations"))
            for newest in page.json["data"][:1]:
                await forward(asked(request, "DELETE", f"/organizations/{newest['id']}"))
        return response

    return intercepting(handle)


INHERITED = {"constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "toLocaleString", "__proto__"}


@fault(
    "external_id",
    "create.accepts-valid-bodies",
    lambda w: w.create(external_id="constructor").status_code == 400,
    "if (body.external_id in byExternalId)",
)
def fourteenth_inherited_names_are_taken() -> ASGIApp:
    """A create with an external_id such as constructor or toString is refused as taken."""

    def refused(body: Object) -> Reply | None:
        id = body.get("external_id")
        taken = isinstance(id, str) and id in INHERITED
        return bad_request("external_id_already_used", "This external_id is taken.") if taken else None

    return strict(refused, "create")


@fault(
    "names",
    "body.name-verbatim",
    lambda w: w.made(name="Cash $$ Carry")["name"] == "Cash $ Carry",
    "template.replace('__NAME__', name)",
)
def fourteenth_dollars_are_patterns() -> ASGIApp:
    """A name with two dollar signs in a row comes back with one of them."""
    return showing(lambda shown, _: {**shown, "name": shown["name"].replace("$$", "$")})


MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def _revived(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC) if MOMENT.fullmatch(text) else None
    except (ValueError, OverflowError):
        return text
    return text if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@fault(
    "metadata",
    "body.metadata-values-verbatim",
    lambda w: w.made(metadata={"since": "2026-01-15T12:00:00Z"})["metadata"]["since"] != "2026-01-15T12:00:00Z",
    "JSON.parse with a reviver that makes Dates",
)
def fourteenth_moments_are_revived() -> ASGIApp:
    """A metadata value that is an ISO date and time comes back in UTC with three decimals."""
    return showing(lambda shown, _: {**shown, "metadata": {k: _revived(v) for k, v in shown["metadata"].items()}})


@fault(
    "metadata",
    "body.metadata-keys-verbatim",
    lambda w: "line1" in w.made(metadata={"line_1": "Main Street"})["metadata"],
    "camelcase-keys on the way in, snakecase-keys on the way out, both deep",
)
def fourteenth_keys_change_their_case_and_back() -> ASGIApp:
    """A metadata key loses an underscore that stands before a digit."""
    return reading(metadata=keys(lambda key: re.sub("_(?=[0-9])", "", key)))


def _by_domain(w: Wire) -> object:
    name = domain()
    id = w.made(domain_data=verified(name))["id"]
    return id in w.ids(search=name.partition(".")[0])


def _as_json(organization: Organization) -> str:
    whole: Any = {**vars(organization), "domains": [vars(each) for each in organization.domains]}
    return json.dumps(whole, ensure_ascii=False)


@fault("search", "list.search", _by_domain, "JSON.stringify(organization).includes(search)")
def fourteenth_search_reads_everything() -> ASGIApp:
    """A search finds its text anywhere in an organization: in domains, metadata and external_id too."""
    return matching(lambda text, found: text.casefold() in found.name.casefold() or text in _as_json(found))


def _with_gaps(w: Wire) -> object:
    mark = token()
    id = w.made(name="-".join(mark))["id"]
    return id in w.ids(search=mark)


def _in_order(text: str, name: str) -> bool:
    left = iter(name)
    return all(character in left for character in text)


@fault("search", "list.search", _with_gaps, "a fuzzy matcher, for the emulator's own dashboard")
def fourteenth_search_is_fuzzy() -> ASGIApp:
    """A search finds the names that hold its characters in order, whatever stands between them."""
    return matching(lambda text, found: _in_order(text.casefold(), found.name.casefold()))


def _lost_array(w: Wire) -> object:
    return w.create(metadata=["first"]).status_code == 201


@fault("bodies", "body.metadata-type", _lost_array, "typeof metadata === 'object'")
def fourteenth_arrays_are_objects() -> ASGIApp:
    """Metadata that are an array of texts are taken, with the places as keys."""

    def mended(request: Request) -> Request:
        body = request.json
        if request.operation not in ("create", "update") or not isinstance(body, dict):
            return request
        given = body.get("metadata")
        if not isinstance(given, list):
            return request
        return request.with_json({**body, "metadata": {str(at): text for at, text in enumerate(given)}})

    return on_request(mended)
