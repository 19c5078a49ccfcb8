"""Faults in queries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from tests.blind.sdks.planted import Fault, Proof, calling, one, page
from tests.mutants.sdks.call import Call

EMPTY_IN_PHP: tuple[Any, ...] = (None, False, 0, "", "0", [])


class SendsDomainsAsJson(Fault):
    """Sends a list of domains as JSON in one parameter."""

    requirement = "sdk.request.query-style"
    difficulty = "plain"
    proof = Proof((calling("list", domains=["a.com"]),), (page(),), shows="domains=%5B%22a.com%22%5D")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return urlencode({k: json.dumps(v) if isinstance(v, list) else v for k, v in given.items()})


class SendsFirstDomainAlone(Fault):
    """Sends only the first of several domains."""

    requirement = "sdk.request.query-complete"
    difficulty = "medium"
    proof = Proof((calling("list", domains=["a.com", "b.com"]),), (page(),), shows="domains=a.com HTTP", lacks="b.com")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        first = {name: value[:1] for name, value in given.items() if name == "domains" and value}
        return super().query(call, {**given, **first})


class LeavesPlusInSearch(Fault):
    """Leaves a plus sign in a query as it is, which is read as a space."""

    requirement = "sdk.request.query-complete"
    difficulty = "narrow"
    proof = Proof((calling("list", search="a+b"),), (page(),), shows="search=a+b", lacks="search=a%2Bb")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return super().query(call, given).replace("%2B", "+")


class EncodesSearchTwice(Fault):
    """Percent-encodes a search before the query is encoded as a whole."""

    requirement = "sdk.request.query-complete"
    difficulty = "medium"
    proof = Proof((calling("list", search="a&b"),), (page(),), shows="search=a%2526b")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        encoded = {name: quote(value) for name, value in given.items() if name == "search"}
        return super().query(call, {**given, **encoded})


class DropsWhatPhpCallsEmpty(Fault):
    """Leaves out of a query what PHP calls empty: a search for "0" is a list of everything."""

    requirement = "sdk.request.query-complete"
    difficulty = "narrow"
    proof = Proof((calling("list", search="0", limit=5),), (page(),), lacks="search=0")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return super().query(call, {name: value for name, value in given.items() if value not in EMPTY_IN_PHP})


class SendsNameOfOrder(Fault):
    """Sends the name of the order's enum member, DESC, instead of its value."""

    requirement = "sdk.request.query-complete"
    difficulty = "medium"
    proof = Proof((calling("list", order="desc"),), (page(),), shows="order=DESC", lacks="order=desc")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return super().query(call, {name: v.upper() if name == "order" else v for name, v in given.items()})


class AddsLimit(Fault):
    """Asks for 100 organizations wherever no limit is given."""

    requirement = "sdk.request.query-adds-nothing"
    difficulty = "plain"
    proof = Proof((calling("list"),), (page(),), shows="limit=100")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return super().query(call, {"limit": 100, **given} if call.op == "list" else given)


class LowersLimit(Fault):
    """Sends a limit above 50 as 50."""

    requirement = "sdk.request.query-complete"
    difficulty = "narrow"
    proof = Proof((calling("list", limit=100),), (page(),), shows="limit=50", lacks="limit=100")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return super().query(call, {name: min(v, 50) if name == "limit" else v for name, v in given.items()})


class PrefersAfter(Fault):
    """Leaves out the cursor before where a cursor after is given as well."""

    requirement = "sdk.request.query-complete"
    difficulty = "narrow"
    proof = Proof((calling("list", before="org_1", after="org_2"),), (page(),), lacks="before=org_1")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return super().query(call, {k: v for k, v in given.items() if k != "before" or "after" not in given})


class ExpandsGets(Fault):
    """Asks for more with a parameter that get does not declare."""

    requirement = "sdk.request.query-declared"
    difficulty = "medium"
    proof = Proof((calling("get"),), (one(),), shows="?expand=domains")

    def query(self, call: Call, given: Mapping[str, Any]) -> str:
        return "expand=domains" if call.op == "get" else super().query(call, given)
