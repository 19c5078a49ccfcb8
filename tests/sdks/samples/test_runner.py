"""How a sample is run in each language: one that works, one that fails, one that is no program."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from emulator.server import serving
from sdks.cache import Installed, installed
from sdks.errors import SdkError
from sdks.request import parse
from sdks.sample_steps import steps
from sdks.samples import Outcome, Result, Sample, run, samples
from sdks.table import SDKS
from tests.sdks.drivers.conftest import DRIVEN
from tests.sdks.having import requires

RUN = {"node": "node", "python": "python", "go": "go", **DRIVEN}
COMPILED = ("go", "java", "rust")
ORGANIZATION = json.loads(
    (Path(__file__).parents[2] / "specs" / "samples" / "get.200.json").read_text(encoding="utf-8")
)
PAGE_ID = "org_01EHZNVPK3SFK441A1RGBFSHRT"
AS_RELEASED = {"java": ("organizations.getOrganization(", "getOrganizations().get("), "python": ("(id_=", "(id=")}
"""Where the page's sample of `get` is not what the release has: what it says, and what it should."""


class Target:
    """Answers each request with the page's organization, or says that there is none."""

    def __init__(self) -> None:
        self.has_it = True
        self.requests: list[tuple[str, str, str]] = []
        self.app = Starlette(routes=[Route("/{path:path}", self._answer)])

    def _answer(self, request: Request) -> JSONResponse:
        self.requests.append((request.method, request.url.path, request.headers["Authorization"]))
        if self.has_it:
            return JSONResponse(ORGANIZATION)
        return JSONResponse({"message": "Nothing by that name.", "code": "entity_not_found"}, status_code=404)


@pytest.fixture
def target() -> Target:
    return Target()


@pytest.fixture
def url(target: Target) -> Iterator[str]:
    with serving(target.app) as url:
        yield url


@pytest.fixture(scope="module", params=RUN)
def driver(request: pytest.FixtureRequest) -> Installed:
    requires(request.param)
    return installed(parse(RUN[request.param]), lambda line: print(line, file=sys.stderr))


def get_sample(driver: Installed) -> Sample:
    """The page's sample of `get`, in words that the release knows."""
    sdk = driver.requested.sdk
    (sample,) = [sample for sample in samples(sdk) if sample.operation == "get"]
    return Sample(sdk, "get", sample.text.replace(*AS_RELEASED.get(sdk.name, ("", ""))))


def ran(driver: Installed, sample: Sample, url: str) -> Result:
    """The result, when nothing of the sample has been left."""
    result = run(sample, driver, url, "sk_test_sample")
    assert not list(driver.folder.rglob(f"sample-{os.getpid()}-*"))
    assert not list((driver.folder.parent / "rust-target").glob(f"debug/examples/sample?{os.getpid()}?*"))
    return result


def test_a_sample_that_works_ran(driver: Installed, target: Target, url: str) -> None:
    assert ran(driver, get_sample(driver), url) == Result(Outcome.RAN, "", "")
    assert target.requests == [("GET", f"/organizations/{PAGE_ID}", "Bearer sk_test_sample")]


def test_a_sample_that_gets_an_error_fails_at_run_time(driver: Installed, target: Target, url: str) -> None:
    target.has_it = False
    result = ran(driver, get_sample(driver), url)
    assert result.outcome is Outcome.FAILED
    assert result.message in " ".join(result.output.split())
    assert "404" in result.output or "Nothing by that name." in result.output


def test_a_sample_that_is_no_program_does_not_compile(driver: Installed, target: Target, url: str) -> None:
    sample = get_sample(driver)
    result = ran(driver, Sample(sample.sdk, "get", f"{sample.text}\n)"), url)
    compiled = sample.sdk.name in COMPILED
    assert result.outcome is (Outcome.NOT_COMPILED if compiled else Outcome.FAILED)
    assert re.search(r"error|unexpected", result.message, re.IGNORECASE)
    assert str(driver.folder) not in result.message
    assert target.requests == []


def test_nothing_here_runs_samples_for_dotnet(driver: Installed, tmp_path: Path) -> None:
    with pytest.raises(SdkError, match="no way to run its samples"):
        steps(SDKS["dotnet"].name, "", driver, tmp_path)
