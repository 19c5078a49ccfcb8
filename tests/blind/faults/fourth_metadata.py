"""Metadata as PHP, JavaScript and read models keep them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp

from emulator.api import Api, Call
from emulator.changes import Body, Changes
from emulator.paging import Page
from emulator.records import Organization
from emulator.refusals import InvalidMetadata
from emulator.responses import Responses
from tests.blind.parts.apps import app, showing
from tests.blind.parts.changing import creating
from tests.blind.parts.interception import reshaped, strict
from tests.blind.parts.messages import Object, Reply, bad_request, crash, pairs, texts, without
from tests.blind.registry import fault
from tests.blind.wire import Wire, token

FLAG = "allow_profiles_outside_organization"
KIND = "fourth: metadata"
NONE = "none: not looked up"


def other_case(w: Wire) -> bool:
    id = w.made(metadata={"tier": "a"})["id"]
    return bool(w.changed(id, metadata={"Tier": "b"})["metadata"] == {"Tier": "b"})


@fault(KIND, NONE, other_case, "a table of pairs under a collation of MySQL")
def fourth_metadata_keys_merge_in_any_case() -> ASGIApp:
    """A metadata key of an update replaces a known key that differs in case."""

    class Folding(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            folded = {key.casefold() for key in given}
            return super().merged({k: v for k, v in known.items() if k in given or k.casefold() not in folded}, given)

    return app(changes=Folding())


def not_cleared(w: Wire) -> bool:
    id = w.made(metadata={"a": "b"})["id"]
    return bool(w.changed(id, name="Other", metadata={})["metadata"])


@fault(KIND, NONE, not_cleared, "a body without its empty values, unless nothing is left")
def fourth_clearing_metadata_lost_with_others() -> ASGIApp:
    """Empty metadata in an update remove nothing when the update has other fields."""

    class Compact(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            if body.get("metadata") == {} and len(body) > 1:
                return known.metadata
            return super().next_metadata(known, body)

    return app(changes=Compact())


def renumbered(w: Wire) -> bool:
    id = w.made(metadata={"2023": "a"})["id"]
    return bool(w.changed(id, metadata={"2024": "b"})["metadata"] == {"0": "a", "1": "b"})


@fault(KIND, NONE, renumbered, "array_merge of PHP")
def fourth_number_keys_renumbered_by_merge() -> ASGIApp:
    """Metadata keys of digits are numbered anew by an update."""

    class Php(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            found: dict[str, str] = {}
            count = 0
            for source in (known, given):
                for key, value in source.items():
                    if value is None:
                        found.pop(key, None)
                        continue
                    if key.isdigit():
                        key, count = str(count), count + 1
                    found[key] = value
            return found

    return app(changes=Php())


def an_array(w: Wire) -> bool:
    return isinstance(w.made(metadata={"0": "a", "1": "b"})["metadata"], list)


@fault(KIND, NONE, an_array, "json_encode of PHP")
def fourth_metadata_numbered_from_zero_become_array() -> ASGIApp:
    """Metadata with the keys 0, 1, ... are shown as an array."""

    def change(shown: Object, _: Organization) -> Object:
        found = shown["metadata"]
        numbered = found and [*found] == [str(n) for n in range(len(found))]
        return {**shown, "metadata": [*found.values()]} if numbered else shown

    return showing(change)


def ten(value: str) -> dict[str, str]:
    return {f"key{n}": value for n in range(10)}


def sum_refused(w: Wire) -> bool:
    return w.update(w.made(metadata=ten("a"))["id"], metadata=ten("b")).status_code == 400


@fault(KIND, NONE, sum_refused, "a count of both sides of a merge")
def fourth_pairs_counted_twice() -> ASGIApp:
    """An update counts known and given metadata pairs together and refuses more than ten."""

    class Counting(Changes):
        def next_metadata(self, known: Organization, body: Body) -> Mapping[str, str]:
            if len(known.metadata) + len(body.get("metadata") or {}) > 10:
                raise InvalidMetadata("metadata: too many pairs")
            return super().next_metadata(known, body)

    return app(changes=Counting())


def quotes_refused(w: Wire) -> bool:
    return w.create(metadata={"a": '"' * 400}).status_code == 400


@fault(KIND, NONE, quotes_refused, "a bound on the serialized value")
def fourth_escapes_count_in_values() -> ASGIApp:
    """The bound of 600 characters counts the backslashes that JSON needs in a metadata value."""

    def broken(body: Object) -> Reply | None:
        values = [v for v in pairs(body).values() if isinstance(v, str)]
        long = any(len(json.dumps(v, ensure_ascii=False)) - 2 > 600 for v in values)
        return bad_request("invalid_metadata") if long else None

    return strict(broken)


def long_accepted(w: Wire) -> bool:
    return w.update(w.made(metadata={"a": "b"})["id"], metadata={"a": "x" * 601}).status_code == 200


@fault(KIND, NONE, long_accepted, "validates :value, on: :create")
def fourth_known_key_takes_any_length() -> ASGIApp:
    """A metadata key that exists already takes a value of more than 600 characters."""

    class Unbounded(Api):
        def update(self, call: Call) -> Response:
            known = self.known(call.path["id"])
            try:
                body: Any = json.loads(call.content)
            except (ValueError, RecursionError):
                return super().update(call)
            given = pairs(body) if isinstance(body, dict) else {}
            long = {k: v for k, v in given.items() if k in known.metadata and isinstance(v, str) and len(v) > 600}
            if not long:
                return super().update(call)
            short = {**given, **dict.fromkeys(long, "")}
            super().update(replace(call, content=json.dumps({**body, "metadata": short}).encode()))
            changed = self.known(call.path["id"])
            changed = replace(changed, metadata={**changed.metadata, **long})
            self.store.update(changed)
            return self.responses.found(changed)

    return app(api=Unbounded)


def constructor_lost(w: Wire) -> bool:
    id = w.made(metadata={"a": "b"})["id"]
    return "constructor" not in w.changed(id, metadata={"constructor": "x"})["metadata"]


@fault(KIND, NONE, constructor_lost, "a deep merge that guards against prototype pollution")
def fourth_constructor_lost_by_merge() -> ASGIApp:
    """A merge of metadata leaves out the keys constructor and prototype."""

    class Guarded(Changes):
        def merged(self, known: Mapping[str, str], given: Mapping[str, str | None]) -> Mapping[str, str]:
            return super().merged(known, {k: v for k, v in given.items() if k not in ("constructor", "prototype")})

    return app(changes=Guarded())


class Remembering(Responses):
    """Lists show the last value of a field that was not empty."""

    def __init__(self, field: str) -> None:
        self._field = field
        self._last: dict[str, Any] = {}

    def organization(self, organization: Organization) -> Object:
        """Notes the value."""
        shown = super().organization(organization)
        if shown[self._field]:
            self._last[organization.id] = shown[self._field]
        return shown

    def page(self, page: Page) -> Object:
        """Fills in what was noted."""
        shown = super().page(page)
        for each in shown["data"]:
            each[self._field] = each[self._field] or self._last.get(each["id"], each[self._field])
        return shown


def cleared_metadata_listed(w: Wire) -> bool:
    id = w.made(metadata={"a": "b"})["id"]
    w.changed(id, metadata={})
    return bool(w.listed(id)["metadata"])


@fault(KIND, NONE, cleared_metadata_listed, "a read model that merges the documents of events")
def fourth_list_keeps_cleared_metadata() -> ASGIApp:
    """Lists show metadata that an update removed all together, for ever."""
    return app(responses=Remembering("metadata"))


def cleared_id_listed(w: Wire) -> bool:
    id = w.made(external_id=token())["id"]
    w.changed(id, external_id=None)
    return bool(w.listed(id)["external_id"])


@fault(KIND, NONE, cleared_id_listed, "COALESCE in the projection of a read model")
def fourth_list_keeps_cleared_external_id() -> ASGIApp:
    """Lists show an external_id that an update cleared, for ever."""
    return app(responses=Remembering("external_id"))


def cleared_missing(w: Wire) -> bool:
    id = w.made(external_id=token())["id"]
    return "external_id" not in w.changed(id, external_id=None)


@fault(KIND, NONE, cleared_missing, "$unset in MongoDB")
def fourth_cleared_external_id_left_out() -> ASGIApp:
    """An organization whose external_id was cleared is shown without the field."""
    had: set[str] = set()

    def change(shown: Object, organization: Organization) -> Object:
        if organization.external_id:
            had.add(organization.id)
            return shown
        return without(shown, "external_id") if organization.id in had else shown

    return showing(change)


def null_after_clearing(w: Wire) -> bool:
    return w.changed(w.made(metadata={"a": "b"})["id"], metadata={})["metadata"] is None


@fault(KIND, NONE, null_after_clearing, "a nil map of Go")
def fourth_update_shows_null_for_no_metadata() -> ASGIApp:
    """Updates answer with null where an organization has no metadata."""
    return reshaped(lambda shown: {**shown, "metadata": shown["metadata"] or None}, "update")


def nul_fails(w: Wire) -> bool:
    return w.create(metadata={"a": "x\0y"}).status_code == 500


@fault(KIND, NONE, nul_fails, "jsonb of PostgreSQL")
def fourth_nul_in_metadata_fails() -> ASGIApp:
    """A metadata value with U+0000 is answered with 500."""
    return strict(lambda body: crash() if any("\0" in text for text in texts(pairs(body))) else None)


def flag_lost(w: Wire) -> bool:
    return not w.made(**{FLAG: True})[FLAG]


@fault("fourth: creates", NONE, flag_lost, "a flag that is a column of the domains")
def fourth_flag_needs_domains() -> ASGIApp:
    """A create with allow_profiles_outside_organization true and no domains makes it false."""
    return creating(lambda new, body: new if new.domains else replace(new, allow_profiles=False))
