"""Findings made by hand, and the scripts that are written of them."""

from __future__ import annotations

import re

from conformance.harness.evidence.redaction import Redactor
from conformance.harness.evidence.scripts.script import Story, Surroundings, script
from conformance.harness.wire.exchange import Exchange, Response
from conformance.harness.wire.history import History
from tests.mutants.planting import KEY

BASE_URL = "http://example.com/v1"
TOKEN = "abcdefghij"  # noqa: S105 - of a run


def exchange(operation: str, url: str, body: bytes, response: Response, started: float = 1.0) -> Exchange:
    method = {"create": "POST", "update": "PUT", "get": "GET", "list": "GET"}[operation]
    headers = {"authorization": "Bearer $WORKOS_API_KEY"}
    return Exchange(operation, method, f"{BASE_URL}{url}", headers, body, response, started=started)


CREATED = Response(201, {}, b'{"object": "organization", "id": "org_1", "domains": [{"id": "d_1"}]}')
CREATE = exchange("create", "/organizations", f'{{"name":"{TOKEN} it\'s"}}'.encode(), CREATED)
GET = exchange("get", "/organizations/org_1", b"", Response(200, {}, b'{"id": "org_1", "name": "x"}'), 2.0)


def made(story: Story, *writes: Exchange, base_url: str = BASE_URL) -> str:
    history = History()
    for write in writes:
        history.record(write)
    return script(story, Surroundings(base_url, TOKEN, history, Redactor(KEY)))


def steps_of(story: Story, *writes: Exchange) -> str:
    """The steps of the script, each in one line and without the indentation of the function that they are in."""
    _, _, steps = made(story, *writes).partition("\nsteps() {\n")
    joined = steps.partition("\n}\n")[0].replace(" \\\n        ", " ")
    return re.sub("^    ", "", f"\n{joined}\n", flags=re.MULTILINE)
