"""Faults in methods and paths, and in how many requests a call makes."""

from __future__ import annotations

import posixpath
from typing import Any, ClassVar
from urllib.parse import quote, quote_plus

from tests.blind.sdks.planted import ID, Fault, Proof, calling, one
from tests.mutants.sdks.call import Call


class LooksUpByQuery(Fault):
    """Looks an organization up with its external_id in the query of a list."""

    requirement = "sdk.request.route"
    difficulty = "plain"
    proof = Proof((calling("lookup"),), (one(),), shows="GET /organizations?external_id=ext_12345")

    def target(self, call: Call) -> tuple[str, str]:
        if call.op != "lookup":
            return super().target(call)
        return "GET", f"/organizations?external_id={self.segment(call.args['external_id'])}"


class ListsWithTrailingSlash(Fault):
    """Asks for /organizations/ where it lists, as a URL library joins the two."""

    requirement = "sdk.request.route"
    difficulty = "medium"
    proof = Proof((calling("list", limit=5),), shows="GET /organizations/?limit=5")

    def target(self, call: Call) -> tuple[str, str]:
        method, path = super().target(call)
        return method, f"{path}/" if call.op == "list" else path


class EncodesExternalIdsTwice(Fault):
    """Percent-encodes the external_id of a lookup twice."""

    requirement = "sdk.request.path-segment"
    difficulty = "medium"
    proof = Proof((calling("lookup", external_id="a b"),), (one(),), shows="external_id/a%2520b")

    def target(self, call: Call) -> tuple[str, str]:
        method, path = super().target(call)
        return method, quote(path) if call.op == "lookup" else path


class LeavesSlashesInExternalIds(Fault):
    """Leaves a slash in the external_id of a lookup as it is, so that it divides the path."""

    requirement = "sdk.request.path-segment"
    difficulty = "medium"
    proof = Proof((calling("lookup", external_id="a/b"),), (one(),), shows="external_id/a/b", lacks="a%2Fb")

    def target(self, call: Call) -> tuple[str, str]:
        method, path = super().target(call)
        return method, path.replace("%2F", "/") if call.op == "lookup" else path


class WritesSpacesInPathsAsPlus(Fault):
    """Encodes the external_id of a lookup as in a form: a space becomes a plus sign, which a path does not decode."""

    requirement = "sdk.request.path-segment"
    difficulty = "narrow"
    proof = Proof((calling("lookup", external_id="a b"),), (one(),), shows="external_id/a+b", lacks="a%20b")

    def target(self, call: Call) -> tuple[str, str]:
        if call.op != "lookup":
            return super().target(call)
        return "GET", f"/organizations/external_id/{quote_plus(call.args['external_id'])}"


class CutsExternalIdsAtFragments(Fault):
    """Cuts the external_id of a lookup at a number sign, which its URL library takes for the start of a fragment."""

    requirement = "sdk.request.path-segment"
    difficulty = "narrow"
    proof = Proof((calling("lookup", external_id="a#b"),), (one(),), shows="external_id/a HTTP", lacks="a%23b")

    def target(self, call: Call) -> tuple[str, str]:
        method, path = super().target(call)
        return method, path.partition("%23")[0] if call.op == "lookup" else path


class ResolvesDotSegments(Fault):
    """Resolves an identifier of two dots as a path: a lookup of ".." asks for the list."""

    requirement = "sdk.request.dot-segment"
    difficulty = "narrow"
    proof = Proof((calling("lookup", external_id=".."),), (one(),), shows="GET /organizations HTTP")

    def segment(self, text: str) -> str:
        return quote(text, safe="")

    def target(self, call: Call) -> tuple[str, str]:
        method, path = super().target(call)
        return method, posixpath.normpath(path)


class ReadsBeforeUpdating(Fault):
    """Reads the organization before it updates it, to fail early where there is none."""

    requirement = "sdk.request.once"
    difficulty = "medium"
    proof = Proof((calling("update", name="Bar"),), (one(),), shows=f"GET /organizations/{ID}")

    def perform(self, call: Call) -> Any:
        if call.op == "update":
            super().perform(Call("get", {"id": call.args["id"]}, call.client, call.opts, call.limits))
        return super().perform(call)


class CachesGets(Fault):
    """Gives a client that gets an organization again the one that it got first, without a request."""

    requirement = "sdk.request.once"
    difficulty = "medium"
    proof: ClassVar[Proof] = Proof(
        (calling("get"), calling("get")), (one(name="First"), one(name="Second")), lacks='"name": "Second"'
    )

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self._got: dict[tuple[str, str], Any] = {}

    def perform(self, call: Call) -> Any:
        if call.op != "get":
            return super().perform(call)
        name = (call.client.get("shared", call.client["api_key"]), call.args["id"])
        if name not in self._got:
            self._got[name] = super().perform(call)
        return self._got[name]
