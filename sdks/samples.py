"""The samples of the documentation page, run as they are written there but for the address and the key."""

from __future__ import annotations

import contextlib
import enum
import json
import os
import re
import signal
import subprocess
import tempfile
import urllib.parse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from attrs import frozen

from sdks.cache import Installed
from sdks.environment import for_driver
from sdks.sample_steps import Step, steps
from sdks.table import Sdk

Json: TypeAlias = Any

SECONDS = 120.0
"""How long one step may take: to compile against Rust's SDK takes a few seconds on an idle machine."""

PAGE_KEY = "sk_example_123456789"
"""The key in every sample of the page."""


_ID = "org_01EHZNVPK3SFK441A1RGBFSHRT"
_EXTERNAL_ID = "2fe01467-f7ea-4dd2-8b79-c2b4f56d0191"
_GIVEN: Mapping[str, Mapping[str, Json]] = {
    "create": {"name": "Foo Corp"},
    "get": {"id": _ID},
    "list": {},
    "lookup": {"external_id": _EXTERNAL_ID},
    "update": {"id": _ID},
}
_FIELDS = {"name": "Foo Corp", "external_id": _EXTERNAL_ID, "metadata": {"tier": "diamond"}}
_GIVEN_IN_NODE: Mapping[str, Mapping[str, Json]] = {
    "create": {**_FIELDS, "domain_data": [{"domain": "foo-corp.com", "state": "pending"}]},
    "list": {"domains": ["foo-corp.com"]},
    "update": {
        **_FIELDS,
        "id": _ID,
        "domain_data": [{"domain": "foo-corp.com", "state": "verified"}],
        "stripe_customer_id": "cus_R9qWAGMQ6nGE7V",
    },
}


class Outcome(enum.Enum):
    """What became of a sample."""

    RAN = "ran"
    NOT_COMPILED = "does not compile"
    FAILED = "fails at run time"


@frozen
class Sample:
    """One sample of the page, for one operation."""

    sdk: Sdk
    operation: str
    text: str
    """As on the page, but for white space."""

    @property
    def arguments(self) -> Mapping[str, Json]:
        """What the sample gives the operation, by the names of the API."""
        given = _GIVEN_IN_NODE if self.sdk.name == "node" else _GIVEN
        return given.get(self.operation, _GIVEN[self.operation])


@frozen
class Result:
    """What became of a sample, and what says why; all that its last step wrote is in `output`."""

    outcome: Outcome
    message: str
    output: str


def samples(sdk: Sdk) -> list[Sample]:
    """The page's samples for an SDK, in the order of their operations' names."""
    files = sorted((sdk.folder / "samples").iterdir())
    return [Sample(sdk, file.stem, file.read_text(encoding="utf-8")) for file in files]


def run(sample: Sample, driver: Installed, base_url: str, key: str) -> Result:
    """Compiles the sample where its language is compiled, and runs it with the SDK of an installed driver.

    Its client gets `base_url` and `key` beside what the page gives it; nothing else is changed. Needs no network
    beyond `base_url`. Raises ValueError when the sample makes no client as the page does.
    """
    text = adapted(sample, base_url, key)
    with (
        tempfile.TemporaryDirectory(prefix=f"sample-{os.getpid()}-", dir=driver.folder) as folder,
        contextlib.closing(steps(sample.sdk.name, text, driver, Path(folder))) as wanted,
    ):
        output = ""
        for step in wanted:
            ended, output = _execute(step, driver.folder)
            # Its name is another one in every run.
            output = output.replace(f"{folder}{os.sep}", "").replace(Path(folder).name, "sample")
            if ended != "0":
                outcome = Outcome.NOT_COMPILED if step.compiles else Outcome.FAILED
                return Result(outcome, _why(output, step) or f"ended with {ended}", output)
        return Result(Outcome.RAN, "", output)


def adapted(sample: Sample, base_url: str, key: str) -> str:
    """The sample's text with the address and the key. Raises ValueError where the page's key is not given once."""
    original, replacement = _CLIENTS[sample.sdk.name]
    if sample.text.count(original) != 1:
        raise ValueError(f"{sample.sdk.name}/{sample.operation}: {original!r} is not there once")
    return sample.text.replace(original, replacement(json.dumps(base_url), json.dumps(key)))


def _node_client(base_url: str, key: str) -> str:
    """Node's client takes the parts of an address."""
    address = urllib.parse.urlsplit(json.loads(base_url))
    port = address.port or (443 if address.scheme == "https" else 80)
    options = {"apiHostname": address.hostname, "port": port, "https": address.scheme == "https"}
    return f"new WorkOS({key}, {json.dumps(options)})"


_CLIENTS: Mapping[str, tuple[str, Callable[[str, str], str]]] = {
    "node": (f"new WorkOS('{PAGE_KEY}')", _node_client),
    "python": (f'api_key="{PAGE_KEY}"', lambda url, key: f"api_key={key}, base_url={url}"),
    "ruby": (f'config.api_key = "{PAGE_KEY}"', lambda url, key: f"config.api_key = {key}; config.base_url = {url}"),
    "go": (f'NewClient("{PAGE_KEY}")', lambda url, key: f"NewClient({key}, workos.WithBaseURL({url}))"),
    "php": (f'apiKey: "{PAGE_KEY}"', lambda url, key: f"apiKey: {key}, baseUrl: {url}"),
    "java": (f'new WorkOS("{PAGE_KEY}")', lambda url, key: f"new WorkOS({key}, null, {url})"),
    "dotnet": (f'ApiKey = "{PAGE_KEY}"', lambda url, key: f"ApiKey = {key}, ApiBaseURL = {url}"),
    "rust": (f'.api_key("{PAGE_KEY}")', lambda url, key: f".api_key({key}).base_url({url})"),
}
"""How a client is made on the page, and how with another address and key; both come as quoted strings."""


def _execute(step: Step, folder: Path) -> tuple[str, str]:
    """Runs a step: its exit status as text (or why it has none), and all that it wrote."""
    process = subprocess.Popen(  # noqa: S603 - a compiler, or the page's own sample
        step.command,
        cwd=folder,
        env=for_driver(os.environ) | dict(step.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=SECONDS)
        return str(process.returncode), output.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        return f"no end within {SECONDS:g} s", ""
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


_TELLING = re.compile(r"\berror\b|\w(Error|Exception)\b|\bpanic\b|:\d+:\d+: ", re.IGNORECASE)
"""In a line that names an error, or a place in a file."""


def _why(output: str, step: Step) -> str:
    """The first line that names an error, else the last one; what a compiler says needs a few lines."""
    lines = [" ".join(line.split()) for line in output.splitlines() if line.strip()]
    first = next((number for number, line in enumerate(lines) if _TELLING.search(line)), len(lines) - 1)
    return " / ".join(lines[max(first, 0) : first + (5 if step.compiles else 1)])[:500]
