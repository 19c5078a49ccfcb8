"""One cause is one finding: targets that differ from the contract in one thing, and what a run says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from starlette.types import ASGIApp

from emulator.api import Api
from emulator.changes import Changes
from emulator.server import serving
from emulator.store import Store
from emulator.validation import Listing, Rules
from tests.conformance.suite import Result, judge
from tests.mutants.parts.middleware import Middleware, Reply, Request

KEY = "sk_test_one_cause"


def altering(alter: Callable[[Request, Reply], object]) -> Callable[[], ASGIApp]:
    """The emulator behind a wire that changes what it answers."""
    part = type("Altering", (Middleware,), {"alter": staticmethod(alter)})
    return lambda: part(Api(Store(), KEY).app())


def names_in_capitals(request: Request, reply: Reply) -> None:
    body = reply.json if reply.succeeds else None
    for organization in (body or {}).get("data", [body] if body else []):
        organization["name"] = organization["name"].upper()
    if body:
        reply.json = body


def lookups_with_unix_times(request: Request, reply: Reply) -> None:
    if request.operation == "lookup" and reply.succeeds:
        reply.json = reply.json | {"created_at": 1767322800, "updated_at": 1767322800}


def updates_without_domains(request: Request, reply: Reply) -> None:
    if request.operation == "update" and reply.succeeds:
        reply.json = {name: value for name, value in reply.json.items() if name != "domains"}


def cursors_beside_the_list(request: Request, reply: Reply) -> None:
    body = reply.json if reply.succeeds else None
    if body and "list_metadata" in body:
        reply.json = {name: value for name, value in body.items() if name != "list_metadata"} | body["list_metadata"]


class NormalIsAscending(Rules):
    def listing(self, query: Any) -> Listing:
        listing = super().listing(query)
        return replace(listing, order="asc") if listing.order == "normal" else listing


def at_least(limit: int) -> type[Rules]:
    class Longer(Rules):
        def listing(self, query: Any) -> Listing:
            listing = super().listing(query)
            return replace(listing, limit=max(limit, listing.limit))

    return Longer


class CommasAreNotSplit(Rules):
    def listing(self, query: Any) -> Listing:
        listing = super().listing(query)
        joined = (",".join(listing.domains),) if len(listing.domains or ()) > 1 else listing.domains
        return replace(listing, domains=joined)


class IgnoresExternalIdOnUpdate(Changes):
    def updated(self, known: Any, body: Mapping[str, Any]) -> Any:
        return super().updated(known, {name: value for name, value in body.items() if name != "external_id"})


class IgnoresPlainDomainsOnUpdate(Changes):
    def updated(self, known: Any, body: Mapping[str, Any]) -> Any:
        return super().updated(known, {name: value for name, value in body.items() if name != "domains"})


class EmptiesMetadataOnUpdate(Changes):
    def updated(self, known: Any, body: Mapping[str, Any]) -> Any:
        return super().updated(known, {"metadata": {}, **body})


class ReplacesOnUpdate(Changes):
    def updated(self, known: Any, body: Mapping[str, Any]) -> Any:
        unset: dict[str, Any] = {"metadata": {}, "external_id": None, "allow_profiles_outside_organization": False}
        return super().updated(known, {**unset, **body})


TARGETS: dict[str, tuple[Callable[[], ASGIApp], set[str]]] = {
    "names in capitals": (altering(names_in_capitals), {"create.returns-what-was-sent"}),
    "times of lookups are numbers": (
        altering(lookups_with_unix_times),
        {"organization.created-at", "organization.updated-at"},
    ),
    "updates without domains": (altering(updates_without_domains), {"organization.domains"}),
    "no list_metadata": (altering(cursors_beside_the_list), {"list.cursors"}),
    "normal is ascending": (lambda: Api(Store(), KEY, rules=NormalIsAscending()).app(), {"list.order"}),
    "limits are at least ten": (lambda: Api(Store(), KEY, rules=at_least(10)()).app(), {"list.limit"}),
    "limits are ignored": (
        lambda: Api(Store(), KEY, rules=at_least(100)()).app(),
        {"list.limit", "list.default-limit"},
    ),
    "commas are not split": (lambda: Api(Store(), KEY, rules=CommasAreNotSplit()).app(), {"list.several-domains"}),
    "external_id ignored on update": (
        lambda: Api(Store(), KEY, changes=IgnoresExternalIdOnUpdate()).app(),
        {"update.sets-what-was-sent"},
    ),
    "plain domains ignored on update": (
        lambda: Api(Store(), KEY, changes=IgnoresPlainDomainsOnUpdate()).app(),
        {"update.deprecated-domains"},
    ),
    "updates empty metadata": (
        lambda: Api(Store(), KEY, changes=EmptiesMetadataOnUpdate()).app(),
        {"update.keeps-the-rest"},
    ),
    "updates replace": (lambda: Api(Store(), KEY, changes=ReplacesOnUpdate()).app(), {"update.keeps-the-rest"}),
}


@pytest.mark.parametrize("name", TARGETS)
def test_one_cause_is_one_finding(tmp_path: Path, name: str) -> None:
    make, expected = TARGETS[name]
    with serving(make()) as url:
        result = judge(tmp_path, "--base-url", url, "--api-key", KEY, "--lag", "0.5", "--seed", "7")
    assert result.having("finding") == expected, result.text
    assert result.verdict["suite_errors"] == []
    assert_all_removed(result)


def assert_all_removed(result: Result) -> None:
    assert result.verdict["created"] == result.verdict["removed"] > 0
    assert result.verdict["left"] == []


@pytest.mark.parametrize("key", ["dev", "key", "key1", "sk_test_1"])
def test_no_key_changes_what_is_judged(tmp_path: Path, key: str) -> None:
    with serving(Api(Store(), key).app()) as url:
        result = judge(tmp_path, "--base-url", url, "--api-key", key, "--profile", "quick")
    assert result.exit_code == 0, result.text


def ids_with_colons(request: Request, reply: Reply) -> None:
    reply.body = reply.body.replace(b'"org_01', b'"org:01')


def without_colon(segment: bytes) -> bytes:
    """The segment as the emulator knows it, however it is encoded."""
    decoded = unquote_to_bytes(segment)
    return decoded.replace(b":", b"_", 1) if decoded.startswith(b"org:01") else segment


class ColonsInIds(Middleware):
    """Shows ids with a colon in them, and takes them."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            query = scope["query_string"].replace(b"org%3A01", b"org_01").replace(b"org:01", b"org_01")
            path = b"/".join(map(without_colon, scope["raw_path"].split(b"/")))
            scope = {**scope, "raw_path": path, "query_string": query}
            scope["path"] = scope["raw_path"].decode()
        await super().__call__(scope, receive, send)

    def alter(self, request: Request, reply: Reply) -> None:
        ids_with_colons(request, reply)


def test_ids_may_hold_any_character(tmp_path: Path) -> None:
    with serving(ColonsInIds(Api(Store(), KEY).app())) as url:
        result = judge(tmp_path, "--base-url", url, "--api-key", KEY)
    assert result.exit_code == 0, result.text
    assert_all_removed(result)
