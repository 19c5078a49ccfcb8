"""Every place that a requirement cites can be opened, as far as the sources are at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from specs.contract import SPECS, read_yaml
from specs.requirements import Level, catalogue, excluded
from specs.sources import Citation, citations, sources

SHARED = SPECS.parents[1] / "shared"
"""Where the documents lie that the project is written from; a clone of the repository has none of them."""


def shared(name: str) -> Path:
    """A document of the project's sources; the test is skipped where it is not."""
    if not (SHARED / name).is_file():
        pytest.skip(f"{name} is not at hand")
    return SHARED / name


def cited(mark: str) -> set[str]:
    """The places of one source that requirements and exclusions cite."""
    return {citation.place for citation in every_citation() if citation.mark == mark}


def every_citation() -> Iterator[Citation]:
    for requirement in catalogue().values():
        yield from requirement.citations
    for exclusion in excluded():
        yield from exclusion.citations


def leads_somewhere(document: Any, pointer: str) -> bool:
    """Whether a JSON pointer leads to a value of the document."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        try:
            document = document[int(name)] if isinstance(document, list) else document[name]
        except (KeyError, IndexError, ValueError, TypeError):
            return False
    return True


def test_pointers_lead_into_the_openapi_document() -> None:
    document = read_yaml(shared("upstream/open-api-spec.yaml"))
    pointers = cited("O")
    assert pointers
    assert {pointer for pointer in pointers if not leads_somewhere(document, pointer)} == set()


@pytest.mark.parametrize(
    ("number", "parameter"), list(enumerate(["before", "after", "limit", "order", "domains", "search"]))
)
def test_a_parameter_of_list_is_where_it_is_cited(number: int, parameter: str) -> None:
    document = read_yaml(shared("upstream/open-api-spec.yaml"))
    assert document["paths"]["/organizations"]["get"]["parameters"][number]["name"] == parameter


@pytest.mark.parametrize(
    ("pointer", "leads"),
    [
        ("/paths/~1organizations/get", True),
        ("/paths/~1organizations/get/parameters/0", True),
        ("/paths/~1organizations/get/parameters/9", False),
        ("/paths/organizations", False),
        ("/paths/~1organizations/get/summary/0", False),
    ],
)
def test_a_pointer_that_leads_nowhere_is_noticed(pointer: str, leads: bool) -> None:
    document = {"paths": {"/organizations": {"get": {"parameters": [{}], "summary": "List"}}}}
    assert leads_somewhere(document, pointer) is leads


def test_sections_are_on_the_documentation_page() -> None:
    page = re.sub(r"\s", "", shared("seed/organizations.txt").read_text(encoding="utf-8"))
    # The last heading of the copy ends after its method.
    headings = {re.sub(r"\s", "", place) for place in cited("S")} - {"introduction", "PUT/organizations/:id"}
    assert headings
    assert {heading for heading in headings if heading not in page} == set()


def test_exchanges_are_among_the_recordings() -> None:
    recordings = json.loads(shared("recordings/organizations.json").read_text(encoding="utf-8"))
    exchanges = {
        f"{exchange['request']['method']} {exchange['request']['path']}, "
        f"{parsedate_to_datetime(exchange['recorded']).date()}"
        for exchange in recordings
    }
    assert cited("R") - exchanges == {"SDK repositories"}


def test_every_source_is_cited() -> None:
    assert {citation.mark for citation in every_citation()} == set(sources())


def test_what_is_weaker_than_its_sources_says_why() -> None:
    for requirement in catalogue().values():
        if requirement.level is not Level.MUST:
            explained = any(citation.says or not citation.source.binding for citation in requirement.citations)
            assert explained, requirement.id


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ({"S": "introduction"}, "documentation page, introduction"),
        ({"O": "/paths/~1organizations"}, "OpenAPI document, #/paths/~1organizations"),
        ({"D": "reference/errors/index.mdx", "says": "401"}, "guide, reference/errors/index.mdx: 401"),
    ],
)
def test_a_citation_reads_well(entry: dict[str, str], text: str) -> None:
    (citation,) = citations([entry], "test")
    assert str(citation) == text


def test_several_places_in_one_source_are_several_citations() -> None:
    found = citations([{"O": ["/paths", "/components"], "says": "both"}], "test")
    assert [(citation.place, citation.says) for citation in found] == [("/paths", "both"), ("/components", "both")]
