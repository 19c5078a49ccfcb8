"""The samples as the documentation page has them, and what tells whether a text is one of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).parents[4] / "shared" / "seed" / "organizations.txt"
"""Lies beside the repository where it is developed."""

OPERATIONS = ("get", "lookup", "list", "create", "update")
"""In the order of the page."""

_BEGINNINGS = {
    "curl": "curl ",
    "node": "import { WorkOS }",
    "ruby": 'require "workos"',
    "python": "from workos import",
    "go": "package main",
    "php": "<?php",
    "java": "import com.workos.WorkOS;",
    "dotnet": "using WorkOS;",
    "rust": "use workos::Client;",
}
"""How the first line of each language's sample begins; curl's is the first of an operation."""


def digest(text: str) -> str:
    """SHA-256 of a text without its white space: the page's cells lost their indentation."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()


def digests(page: str) -> dict[str, str]:
    """The digest of every sample of an SDK on the page, by `SDK/OPERATION`."""
    found: dict[str, list[str]] = {}
    operations = iter(OPERATIONS)
    name = operation = ""
    for line in _cells(page):
        begun = next((sdk for sdk, beginning in _BEGINNINGS.items() if line.startswith(beginning)), None)
        name = begun or name
        if begun == "curl":
            operation = next(operations)
        elif line == "{" and found.get(f"rust/{operation}", [""])[-1] == "}":
            name = "response"
        found.setdefault(f"{name}/{operation}", []).append(line)
    return {key: digest("\n".join(lines)) for key, lines in found.items() if not key.startswith(("curl/", "response/"))}


def _cells(page: str) -> Iterator[str]:
    for line in page.splitlines():
        cell = re.fullmatch(r"\| ?(.*?) ?\|(?: \|)?", line)
        if cell:
            yield cell[1]
