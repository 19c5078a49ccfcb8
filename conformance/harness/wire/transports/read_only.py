"""Keeps every write from leaving the process, whoever asks for it."""

from __future__ import annotations

import httpx


class WriteForbiddenError(Exception):
    """The suite was about to send something else than a GET although it may only read."""


class ReadOnly(httpx.BaseTransport):
    """Stands directly before the network and lets nothing pass but GET."""

    def __init__(self, network: httpx.BaseTransport) -> None:
        self._network = network

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises WriteForbiddenError instead of sending what may change something."""
        if request.method != "GET":
            raise WriteForbiddenError(f"{request.method} {request.url}")
        return self._network.handle_request(request)

    def close(self) -> None:
        """Closes the network."""
        self._network.close()
