"""Faults in following redirects."""

from __future__ import annotations

from http import HTTPStatus

import httpx

from tests.blind.sdks.parts import FollowsRedirects
from tests.blind.sdks.planted import ELSEWHERE, HERE, Fault, Proof, calling, named, one, redirect
from tests.mutants.sdks.call import Call


class KeepsKeyElsewhere(FollowsRedirects, Fault):
    """Follows a redirect of a read to another origin with the API key."""

    requirement = "sdk.redirect.key-stays"
    difficulty = "plain"
    proof = Proof(
        (calling("get"),), (redirect(302, f"{ELSEWHERE}/x"), one()),
        shows=f"GET /x HTTP/1.1\nHost: {ELSEWHERE}\nAccept: */*\nAccept-Encoding: gzip, deflate\n"
        "Connection: keep-alive\nauthorization: Bearer sk_first",
    )  # fmt: skip

    def keeps(self, header: str, came_from: httpx.URL, url: httpx.URL) -> bool:
        return True


class KeepsKeyOnOtherPorts(FollowsRedirects, Fault):
    """Follows a redirect of a list to another port of the same host with the API key."""

    requirement = "sdk.redirect.key-stays"
    difficulty = "narrow"
    proof = Proof(
        (calling("list"),), (redirect(307, f"{ELSEWHERE}/x"), named()),
        shows=f"GET /x HTTP/1.1\nHost: {ELSEWHERE}\nAccept: */*\nAccept-Encoding: gzip, deflate\n"
        "Connection: keep-alive\nauthorization: Bearer sk_first",
    )  # fmt: skip

    def follow(self, call: Call, response: httpx.Response, headers: dict[str, str]) -> httpx.Response:
        return super().follow(call, response, headers) if call.op == "list" else response

    def keeps(self, header: str, came_from: httpx.URL, url: httpx.URL) -> bool:
        return came_from.host == url.host


class KeepsIdempotencyKeyElsewhere(FollowsRedirects, Fault):
    """Follows a 307 or 308 of a create to another origin without the API key, but with the idempotency key."""

    requirement = "sdk.redirect.idempotency-key-stays"
    difficulty = "medium"
    methods = ("GET", "POST")
    proof = Proof(
        (calling("create"),), (redirect(307, f"{ELSEWHERE}/x"), one()), shows=f"POST /x HTTP/1.1\nHost: {ELSEWHERE}"
    )

    def follow(self, call: Call, response: httpx.Response, headers: dict[str, str]) -> httpx.Response:
        repeats = call.op != "create" or response.status_code in (307, 308)
        return super().follow(call, response, headers) if repeats else response

    def keeps(self, header: str, came_from: httpx.URL, url: httpx.URL) -> bool:
        return header == "idempotency-key" or super().keeps(header, came_from, url)


class CreatesByReading(FollowsRedirects, Fault):
    """Follows a 301, 302 or 303 of a create with a GET, and gives what it reads for what was created."""

    requirement = "sdk.redirect.write-stays-a-write"
    difficulty = "medium"
    methods = ("POST",)
    proof = Proof((calling("create"),), (redirect(302, f"{HERE}/x"), one(name="Other")), shows="GET /x HTTP/1.1")

    def next_method(self, method: str, status: int) -> str:
        return "GET" if status <= HTTPStatus.SEE_OTHER else method


class UpdatesByReading(FollowsRedirects, Fault):
    """Follows a 303 of an update with a GET, and gives what it reads for what was updated."""

    requirement = "sdk.redirect.write-stays-a-write"
    difficulty = "narrow"
    methods = ("PUT",)
    proof = Proof(
        (calling("update", name="Bar"),), (redirect(303, f"{HERE}/x"), one(name="Other")), shows="GET /x HTTP/1.1"
    )

    def follow(self, call: Call, response: httpx.Response, headers: dict[str, str]) -> httpx.Response:
        if response.status_code != HTTPStatus.SEE_OTHER:
            return response
        return super().follow(call, response, headers)

    def next_method(self, method: str, status: int) -> str:
        return "GET"


class FollowsCircles(FollowsRedirects, Fault):
    """Follows redirects of a get for as long as they come."""

    requirement = "sdk.redirect.bounded"
    difficulty = "medium"
    most = 1_000_000
    proof = Proof((calling("get"),), (*(redirect(302, "/x") for _ in range(40)), one()), shows="GET /x HTTP/1.1")


class StumblesOverRelativeRedirects(FollowsRedirects, Fault):
    """Raises an error of its URL library where the Location of a redirect is relative."""

    requirement = "sdk.redirect.followed-or-refused"
    difficulty = "medium"
    proof = Proof((calling("get"),), (redirect(302, "/x"), one()), shows='"class": "InvalidURL"')

    def follow(self, call: Call, response: httpx.Response, headers: dict[str, str]) -> httpx.Response:
        if not httpx.URL(response.headers["location"]).host:
            raise httpx.InvalidURL("the URL has no host")
        return super().follow(call, response, headers)


class TakesRedirectedDeletes(Fault):
    """Takes a redirect of a delete for a success, since its status is below 400."""

    requirement = "sdk.redirect.write-stays-a-write"
    difficulty = "narrow"
    proof = Proof((calling("delete"),), (redirect(302, f"{HERE}/x"),), shows='"value": null')

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        response = super().send(call, method, target, attempt)
        return httpx.Response(200) if call.op == "delete" and response.has_redirect_location else response
