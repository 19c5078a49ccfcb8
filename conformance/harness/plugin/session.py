"""The frame around a run: what is checked before the first test, what is written after the last."""

from __future__ import annotations

import signal
import tempfile
import time
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

import pytest

from conformance.harness.plugin import options, preflight
from reports.verdict import deviations, gate
from reports.verdict.deviations import Deviation
from reports.verdict.verdict import Verdict
from specs.contract import document

VERDICT = "verdict.json"
PROJECT = Path(__file__).parents[3] / "pyproject.toml"


class Session:
    """Opens and closes a run; with xdist in the controller only."""

    def __init__(self, config: pytest.Config, verdict: Verdict, accepted: list[Deviation]) -> None:
        self._config = config
        self._verdict = verdict
        self._accepted = accepted
        self._begun = time.monotonic()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Makes sure that there is something to judge and somewhere to write, before the first test."""
        check_target(self._config)
        check_writable(self._config.option.output / VERDICT)
        if self._config.option.write_deviations:
            check_writable(self._config.option.write_deviations)

    def pytest_sessionfinish(self) -> None:
        """Writes what was found. The judge has had its say by now, and the terminal not yet."""
        self._verdict.finished = _now()
        self._verdict.seconds = round(time.monotonic() - self._begun, 3)
        self._verdict.write(self._config.option.output / VERDICT)
        if self._config.option.write_deviations:
            proposed = gate.proposed(self._verdict, self._accepted, date.today())
            self._config.option.write_deviations.write_text(deviations.as_toml(proposed), encoding="utf-8")


def verdict_of(config: pytest.Config) -> Verdict:
    """The verdict of a run that has not begun."""
    option = config.option
    return Verdict(
        base_url=option.base_url or "",
        profile=option.profile,
        seed=option.seed,
        outcomes=[],
        suite_version=tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"],
        contract_version=str(document()["info"]["version"]),
        options={
            "lag": option.lag,
            "strict": bool(option.strict),
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
        raise pytest.UsageError(f"--deviations: {error}") from None


def check_target(config: pytest.Config) -> None:
    """Raises pytest.UsageError, with the reason in one line, when the target cannot be judged."""
    try:
        preflight.check(options.target_of(config))
    except preflight.NoJudgementError as error:
        raise pytest.UsageError(f"no judgement: {' '.join(str(error).split())}") from None


def check_writable(path: Path) -> None:
    """Raises pytest.UsageError when no file can be written here."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            path.open("a").close()
        else:
            tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise pytest.UsageError(f"no judgement: {path} cannot be written: {error.strerror}") from None


def end_on_sigterm(config: pytest.Config) -> None:
    """Lets SIGTERM end the run as Ctrl-C does, so that what was created is removed.

    A worker of xdist leaves that to the controller, which ends its workers in order.
    """
    is_worker = hasattr(config, "workerinput")
    signal.signal(signal.SIGTERM, signal.SIG_IGN if is_worker else _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
