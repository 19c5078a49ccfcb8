"""Texts that an encoder or a search engine writes anew."""

from __future__ import annotations

import re
from typing import Any

from starlette.types import ASGIApp

from tests.blind.parts.interception import on_response, reshaped
from tests.blind.parts.messages import Json, Reply, Request, without
from tests.blind.parts.twelfth import parameter
from tests.blind.registry import fault
from tests.blind.wire import Wire, domain, token, verified

NUMERIC = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


def _numbers(value: Json) -> Any:
    if isinstance(value, str) and NUMERIC.fullmatch(value):
        return float(value) if "." in value else int(value)
    if isinstance(value, dict):
        return {key: _numbers(each) for key, each in value.items()}
    return [_numbers(each) for each in value] if isinstance(value, list) else value


@fault("shape", "organization.name", lambda w: w.made(name="1984")["name"] == 1984, "PHP: JSON_NUMERIC_CHECK")
def sixteenth_numeric_texts_are_numbers() -> ASGIApp:
    """Every text of an organization that looks like a number is shown as a number."""
    return reshaped(_numbers)


def _highlighted(w: Wire) -> object:
    name = token()
    w.made(name=f"The {name}")
    return [each["name"] for each in w.list(search=name).json()["data"]] == [f"The <em>{name}</em>"]


@fault("search", "list.current-state", _highlighted, "Algolia: _highlightResult instead of the hit itself")
def sixteenth_matches_are_highlighted() -> ASGIApp:
    """A list with a search puts <em> around what was found in each name."""

    def marked(request: Request, response: Reply) -> Reply:
        text = parameter(request, "search")
        if not response.good or not text:
            return response
        found = re.compile(re.escape(text), re.IGNORECASE)
        data = [
            {**each, "name": found.sub(lambda hit: f"<em>{hit[0]}</em>", each["name"])}
            for each in response.json["data"]
        ]
        return response.with_json({**response.json, "data": data})

    return on_response(marked)


def _called_name(w: Wire) -> object:
    return "name" in w.changed(w.made()["id"], domain_data=verified(domain()))["domains"][0]


@fault("domains", "domain.domain", _called_name, "TypeORM: save() answers with the entity, not with its DTO")
def sixteenth_updated_domains_have_names() -> ASGIApp:
    """The answer to an update calls what is the domain of each domain its name."""
    return reshaped(
        lambda o: {**o, "domains": [{"name": each["domain"], **without(each, "domain")} for each in o["domains"]]},
        "update",
    )
