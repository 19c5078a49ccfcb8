"""The options that say how the target is reached, and how long it is waited for."""

from __future__ import annotations

import argparse
import re
import ssl
import sys
from pathlib import Path

import httpx
import pytest

from conformance.harness.wire.transports.access import Access

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a header (RFC 9110, 5.6.2)."""
VALUE = re.compile(r"[\t\x20-\x7e]*")
OF_THE_SUITE = ("authorization", "content-length", "content-type", "host", "transfer-encoding")
"""Headers that the suite itself has to choose."""


def add_options(group: pytest.OptionGroup) -> None:
    """Adds the options to pytest's."""
    group.addoption(
        "--header",
        action="append",
        metavar="NAME:VALUE",
        help="send this header with every request, such as the key of a gateway; may be repeated",
    )
    group.addoption(
        "--ca-file",
        type=Path,
        metavar="FILE",
        help="trust these certificates too (PEM); $SSL_CERT_FILE names those that are trusted anyway",
    )
    group.addoption(
        "--proxy",
        metavar="URL",
        help="go through this proxy; $HTTP_PROXY and its like are ignored, so that they decide no verdict",
    )
    group.addoption("--insecure", action="store_true", help="take any certificate of the target")
    group.addoption(
        "--wait",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="how long to wait for a target that is still starting [%(default)s]",
    )


def check_options(config: pytest.Config) -> None:
    """Warns of --insecure. Raises pytest.UsageError for what cannot be used, whether or not this target needs it."""
    option = config.option
    if option.wait < 0:
        raise pytest.UsageError("--wait: cannot be negative")
    access = access_of(option)
    try:
        access.certificates  # noqa: B018 - read for its errors
    except ssl.SSLError:
        raise pytest.UsageError(f"--ca-file: {option.ca_file}: no certificates in PEM") from None
    except OSError as error:
        raise pytest.UsageError(f"--ca-file: {option.ca_file}: {error.strerror}") from None
    if option.proxy is not None and not is_http(option.proxy):
        raise pytest.UsageError("--proxy: has to be a URL such as http://proxy.example.com:3128")
    if option.insecure and not hasattr(config, "workerinput"):
        print(
            "warning: --insecure: anybody on the network between here and the target can read the key", file=sys.stderr
        )


def is_http(url: str) -> bool:
    """Whether the URL names a host that is spoken to over HTTP."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    return parsed.scheme in ("http", "https") and bool(parsed.host)


def access_of(option: argparse.Namespace) -> Access:
    """How the options say that the target is reached. Raises pytest.UsageError for what is no header."""
    headers = tuple(_header(text) for text in option.header or ())
    return Access(headers, option.ca_file, option.proxy, option.insecure)


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not TOKEN.fullmatch(name.strip()) or not VALUE.fullmatch(value.strip()):
        raise pytest.UsageError("--header: has to be a name, a colon and a value in ASCII")
    if name.strip().lower() in OF_THE_SUITE:
        raise pytest.UsageError(f"--header: {name.strip()} is set by the suite itself")
    return name.strip(), value.strip()
