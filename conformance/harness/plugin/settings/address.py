"""Where requests go and with which key: what the options say of it, checked before anything is sent.

Nothing that is refused here is shown: a key or password that was mistyped is still a secret.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from conformance.harness.plugin.session import note, refuse

VENDOR = "workos.com"
LIVE = "sk_live"
SCHEMES = ("http", "https")


def settle(config: pytest.Config) -> None:
    """Puts base URL and key into their final form. Raises pytest.UsageError, in one line, for what cannot be used."""
    option = config.option
    given, option.base_url = option.base_url, ""  # so that no reason shows it
    key, option.api_key = _key(config), None
    if not given:
        return
    base_url = _usable(config, given.rstrip("/"))
    if not key:
        refuse(config, "--base-url needs a key: give --api-key-file or set WORKOS_API_KEY")
    option.base_url, option.api_key = base_url, _clean(config, key)
    _ask_for_production(config)


def _usable(config: pytest.Config, base_url: str) -> str:
    """The address with its scheme in lower case."""
    scheme, separator, rest = base_url.partition("://")
    if scheme.lower() not in SCHEMES or not separator:
        refuse(config, "--base-url: no http or https address")
    address = f"{scheme.lower()}://{rest}"
    try:
        url, parts = httpx.URL(address), urlsplit(address)
        port = parts.port
    except (httpx.InvalidURL, ValueError):
        refuse(config, "--base-url: not a well-formed address")
    is_written_well = address.isprintable() and " " not in address
    if not url.host or port == 0 or not is_written_well or _is_no_host(url.raw_host):
        refuse(config, "--base-url: not a well-formed address")
    if parts.username is not None or parts.password is not None:
        refuse(config, "--base-url: user and password cannot be sent, since the key takes the Authorization header")
    if "?" in address or "#" in address:
        refuse(config, "--base-url: an address has neither a query nor a fragment")
    return address


def _is_no_host(host: bytes) -> bool:
    """Whether it is no host name by RFC 1035, section 2.3.4."""
    return len(host) > 253 or any(not 0 < len(label) <= 63 for label in host.removesuffix(b".").split(b"."))


def _key(config: pytest.Config) -> str:
    """The key as it was given: by file, on the command line, or in the environment."""
    option = config.option
    if option.api_key_file:
        if option.api_key:
            refuse(config, "--api-key and --api-key-file: give one of them")
        return _read(config, option.api_key_file)
    if option.api_key is not None and not option.api_key.strip():
        refuse(config, "--api-key: is empty; without the option the key is taken from WORKOS_API_KEY")
    if option.api_key:
        note(config, "a key on the command line is seen by others: give --api-key-file, or set WORKOS_API_KEY")
    return str(option.api_key or os.environ.get("WORKOS_API_KEY") or "")


def _read(config: pytest.Config, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a text in UTF-8"
        refuse(config, f"--api-key-file: {path}: {reason}")


def _clean(config: pytest.Config, key: str) -> str:
    """The key without white space around it."""
    stripped = key.strip()
    if stripped != key and not config.option.api_key_file:
        note(config, "white space around the key was taken off")
    if not stripped:
        refuse(config, "the key is empty")
    if not all(33 <= ord(char) <= 126 for char in stripped):
        refuse(config, "the key has characters in it that no header can carry: white space, or others than ASCII")
    return stripped


def _ask_for_production(config: pytest.Config) -> None:
    """Raises pytest.UsageError where customers may be, unless that is wanted."""
    option = config.option
    host = httpx.URL(option.base_url).host.lower().rstrip(".")
    is_vendor = host == VENDOR or host.endswith(f".{VENDOR}")
    if option.read_only or option.allow_production or not (is_vendor or option.api_key.startswith(LIVE)):
        return
    what = "the vendor's own API" if is_vendor else "a live key"
    refuse(config, f"{what}: the suite creates, changes and deletes organizations; add --allow-production to let it")
