"""What the twelfth set needs of queries and domains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from starlette.types import ASGIApp

from tests.blind.parts.apps import reading
from tests.blind.parts.messages import Request


def parameter(request: Request, name: str) -> str:
    """The last value of a query parameter of a list; empty where there is none."""
    found = parse_qs(request.query, keep_blank_values=True).get(name, [""]) if request.operation == "list" else [""]
    return found[-1]


def domain_names(change: Callable[[str], str]) -> ASGIApp:
    """An app that takes other domains than were sent."""

    def stated(items: Any) -> Any:
        return [{**item, "domain": change(item["domain"])} for item in items]

    return reading(domain_data=stated, domains=lambda names: [change(name) for name in names])
