"""How the target is reached: trusted certificates, a proxy on the way, headers for a gateway before it."""

from __future__ import annotations

import functools
import ssl
from dataclasses import dataclass, field
from pathlib import Path

import httpcore
import httpx


@dataclass(frozen=True)
class Access:
    """What a network in between asks for. Environment variables of proxies play no part."""

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Sent with every request, for a gateway before the API; they may be secrets."""
    ca_file: Path | None = None
    """Certificates that are trusted beside those of $SSL_CERT_FILE, or of the certifi package."""
    proxy: str | None = field(default=None, repr=False)
    """URL of an HTTP proxy, which may carry user and password."""
    insecure: bool = False
    """Whether any certificate of the target is taken."""

    @property
    def certificates(self) -> ssl.SSLContext:
        """The certificates that are trusted. Raises OSError, among them ssl.SSLError, for a file without any."""
        return _trusted(self.ca_file, self.insecure)

    def httpcore_proxy(self) -> httpcore.Proxy | None:
        """The proxy as httpcore takes it."""
        if self.proxy is None:
            return None
        proxy = httpx.Proxy(self.proxy)
        return httpcore.Proxy(
            url=str(proxy.url), auth=proxy.raw_auth, headers=proxy.headers.raw, ssl_context=proxy.ssl_context
        )


DIRECT = Access()
"""Nothing in between."""


@functools.cache  # reading them takes 20 ms, as much as twenty requests
def _trusted(ca_file: Path | None, insecure: bool) -> ssl.SSLContext:
    context = httpx.create_ssl_context(verify=not insecure)
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context
