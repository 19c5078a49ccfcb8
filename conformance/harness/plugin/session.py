"""The frame around a run: what is checked before the first test, what is written after the last."""

from __future__ import annotations

import contextlib
import itertools
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

import conformance
from conformance.harness.evidence.redaction import Redactor, credential_in, secrets_in
from conformance.harness.plugin import preflight
from conformance.harness.plugin.settings import options
from conformance.harness.plugin.settings import subject as subjects
from conformance.harness.wire.together import allowed
from reports import scripts
from reports.verdict import deviations, gate, subject
from reports.verdict.deviations import Deviation
from reports.verdict.subject import Subject
from reports.verdict.verdict import Verdict
from sdks.errors import SdkError
from specs.contract import document

VERDICT = "verdict.json"
NO_JUDGEMENT = "no judgement: "
NEAR = 0.015
"""Seconds for a response, within which a target counts as near."""


class Session:
    """Opens and closes a run; with xdist in the controller only."""

    def __init__(self, config: pytest.Config, verdict: Verdict, accepted: list[Deviation]) -> None:
        self._config = config
        self._verdict = verdict
        self._accepted = accepted
        self._begun = time.monotonic()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Makes sure that there is something to judge and somewhere to write, before the first test.

        From here on the verdict in the folder is of this run: if it is killed, one that says so.
        """
        option = self._config.option
        for path in filter(None, (option.output / VERDICT, option.write_deviations)):
            check_writable(path)
        self._verdict.complete = False
        write(self._config, self._verdict)
        if not self._starts_meanwhile:
            check_target(self._config, self._verdict.left)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self) -> None:
        """Makes sure that there is something to judge where it started while the tests were collected."""
        if self._starts_meanwhile:
            check_target(self._config, self._verdict.left)

    @property
    def _starts_meanwhile(self) -> bool:
        """Whether the target is the embedded emulator, unless it is for workers of xdist to collect the tests."""
        return is_embedded(self._config) and not self._config.pluginmanager.hasplugin("dsession")

    def pytest_sessionfinish(self) -> None:
        """Writes what was found. The judge has had its say by now, and the terminal not yet."""
        self._verdict.seconds = round(time.monotonic() - self._begun, 3)
        write(self._config, self._verdict)
        if self._config.option.write_deviations:
            proposed = gate.proposed(self._verdict, self._accepted, date.today())
            self._config.option.write_deviations.write_text(deviations.as_toml(proposed), encoding="utf-8")


def write(config: pytest.Config, verdict: Verdict) -> None:
    """Writes a verdict, and the scripts of its findings, in the place of those of the run before. Raises OSError."""
    verdict.finished = _now()
    verdict.write(config.option.output / VERDICT)
    scripts.write(verdict, config.option.output)


def refuse(config: pytest.Config, reason: str, prefix: str = "") -> NoReturn:
    """Ends a run that has nothing to judge: raises pytest.UsageError, and leaves a verdict that says why.

    So nobody takes the verdict of the run before for one of today.
    """
    reason = redactor_of(config).text(" ".join(reason.split()))
    if not hasattr(config, "workerinput"):
        verdict = verdict_of(config)
        verdict.reason = reason
        with contextlib.suppress(OSError):
            write(config, verdict)
    raise pytest.UsageError(prefix + reason)


def note(config: pytest.Config, text: str) -> None:
    """Tells the user something once, on the error stream, where no report shows it."""
    if text and not hasattr(config, "workerinput"):
        print(f"note: {text}", file=sys.stderr)


def redactor_of(config: pytest.Config) -> Redactor:
    """Takes the key out of what is shown, and what else the options hold of credentials."""
    option = config.option
    headers = (credential_in(header.partition(":")[2]) for header in getattr(option, "header", None) or ())
    addresses = (secrets_in(address or "") for address in (option.base_url, getattr(option, "proxy", None)))
    return Redactor(option.api_key, [*itertools.chain.from_iterable(addresses), *headers])


def subject_of(config: pytest.Config) -> Subject:
    """What is judged: the SDK with its version, as far as it is known by now, or the server."""
    option = config.option
    if option.sdk:
        name, _, version = option.sdk.partition("=")
        host = subjects.host_of(config)
        return subject.sdk(name, host.version if host else version.removeprefix("="))
    return subject.server(redactor_of(config).text(option.base_url or ""), is_embedded(config))


def is_embedded(config: pytest.Config) -> bool:
    """Whether the target is the emulator that comes with the suite."""
    return getattr(config.option, "embedded", False)


def open_sdk(config: pytest.Config) -> None:
    """Starts the SDK under test. Raises pytest.UsageError, with the reason in one line, when it cannot be had."""
    try:
        subjects.open_host(config)
    except SdkError as error:
        refuse(config, str(error), NO_JUDGEMENT)


def is_strict(config: pytest.Config) -> bool:
    """Whether a SHOULD that is not met is a finding."""
    return bool(config.option.strict_levels)


def verdict_of(config: pytest.Config) -> Verdict:
    """The verdict of a run that has not begun."""
    option = config.option
    return Verdict(
        subject=subject_of(config),
        base_url=redactor_of(config).text(option.base_url or ""),
        profile=option.profile,
        seed=option.seed or 0,
        outcomes=[],
        suite_version=conformance.__version__,
        contract_version=str(document()["info"]["version"]),
        options={
            "lag": option.lag,
            "strict_levels": is_strict(config),
            "read_only": option.read_only,
            "deviations": str(option.deviations) if option.deviations else None,
            "selection": " ".join(filter(None, [option.keyword, option.markexpr])) or None,
        },
        started=_now(),
    )


def accepted_deviations(config: pytest.Config) -> list[Deviation]:
    """The deviations that the options name. Raises pytest.UsageError, with file and line."""
    if not config.option.deviations:
        return []
    try:
        return deviations.load(config.option.deviations, date.today())
    except deviations.DeviationsError as error:
        refuse(config, f"--deviations: {error}")


def check_target(config: pytest.Config, left: list[str]) -> None:
    """Raises pytest.UsageError, with the reason in one line, when the target cannot be judged.

    What the question has created and cannot be removed is added to `left`.
    A target that is near is asked one thing at a time: nothing is gained by more, and each run is like the other.
    """
    try:
        said = redactor_of(config).text
        look = partial(preflight.check, options.target_of(config), config.option.output, left)
        if preflight.wait_for(look, config.option.wait, lambda text: note(config, said(text))) < NEAR:
            allowed.allow(1)
    except preflight.NoJudgementError as error:
        refuse(config, str(error), NO_JUDGEMENT)


def check_writable(path: Path) -> None:
    """Raises pytest.UsageError when no file can be written here."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.open("a").close()
        else:
            tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise pytest.UsageError(f"{NO_JUDGEMENT}{path} cannot be written: {error.strerror}") from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
