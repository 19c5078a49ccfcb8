"""What several releases are built from."""

from __future__ import annotations

import httpx

from tests.blind.sdks.planted import Planted
from tests.mutants.sdks.call import Call

CREDENTIALS = ("authorization", "idempotency-key")


class FollowsRedirects(Planted):
    """Follows redirects of reads, with the API key only within the origin."""

    most = 5
    methods: tuple[str, ...] = ("GET",)

    def send(self, call: Call, method: str, target: str, attempt: int) -> httpx.Response:
        response = super().send(call, method, target, attempt)
        followed = 0
        while method in self.methods and response.has_redirect_location and followed < self.most:
            response = self.follow(call, response, self.headers(call, attempt))
            followed += 1
        return response

    def follow(self, call: Call, response: httpx.Response, headers: dict[str, str]) -> httpx.Response:
        """The response at the place that a redirect leads to."""
        try:
            came_from, url = response.url, response.url.join(response.headers["location"])
        except httpx.InvalidURL:
            return response
        kept = {k: v for k, v in headers.items() if k not in CREDENTIALS or self.keeps(k, came_from, url)}
        request = response.request
        method = self.next_method(request.method, response.status_code)
        content = request.content if method == request.method else None
        return self.http(call).request(method, url, headers=kept, content=content, timeout=call.timeout)

    def keeps(self, header: str, came_from: httpx.URL, url: httpx.URL) -> bool:
        """Whether a credential goes along."""
        return (came_from.host, came_from.port) == (url.host, url.port)

    def next_method(self, method: str, status: int) -> str:
        """The method after a redirect."""
        return method
