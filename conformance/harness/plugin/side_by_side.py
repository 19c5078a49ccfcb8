"""Runs tests at the same time that do not depend on each other, for targets that are far away.

Neighbours in a file that are marked as ``independent`` are called in several threads as soon as the turn of
the first of them comes. What came of each is kept, and told when its own turn comes: so pytest, the judge
and every report see one test after the other, in their order.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import pytest

from conformance.harness.evidence.comparison import Comparison
from conformance.harness.judges.ledger import Recent, apart
from conformance.harness.plugin.items import observing
from conformance.harness.plugin.judging.judge import Judge
from conformance.harness.wire.together import together

MARK = "independent"
UNFIT = (Exception, pytest.skip.Exception)
"""What keeps a fixture from being had: the test itself will meet it, and say so."""


@dataclass(frozen=True)
class Done:
    """What came of a test that was called before its turn."""

    recent: Recent
    error: BaseException | None = None
    comparison: Comparison | None = None


class SideBySide:
    """The tests of a session that are called together with their neighbours."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._neighbours: dict[pytest.Item, list[pytest.Function]] = {}
        self._done: dict[pytest.Item, Done] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Sees which tests are neighbours. An SDK is used one call at a time."""
        if not session.config.option.sdk:
            for (_, is_independent), items in groupby(session.items, _place):
                neighbours = [item for item in items if isinstance(item, pytest.Function)]
                self._neighbours |= dict.fromkeys(neighbours if is_independent else (), neighbours)

    def run(self, request: pytest.FixtureRequest) -> None:
        """Calls the test that asks for it and its neighbours, unless they were called before."""
        neighbours = self._neighbours.get(request.node, [])
        for item in neighbours:
            del self._neighbours[item]
        calls = {item: call for item in neighbours if (call := self._call(item, request)) is not None}
        self._done |= dict(zip(calls, together(list(calls.values())), strict=True))

    def _call(self, item: pytest.Function, request: pytest.FixtureRequest) -> partial[Done] | None:
        """The call of a test with what its fixtures give; None where one of them gives nothing.

        They are had through the request of the first of the neighbours, who share them all. A test that is
        prepared by fixtures that it does not name waits for its turn.
        """
        if item.get_closest_marker("usefixtures") is not None:
            return None
        given = dict(item.callspec.params) if hasattr(item, "callspec") else {}
        given["observe"] = observing(item)
        names = inspect.signature(item.function).parameters
        try:
            arguments = {name: given[name] if name in given else request.getfixturevalue(name) for name in names}
        except UNFIT:
            return None
        return partial(self._called, partial(item.obj, **arguments))

    def _called(self, test: partial[None]) -> Done:
        with apart() as recent:
            self._judge.compared.last = None
            try:
                test()
            except BaseException as error:  # also the end of the run, which is for its own turn to tell
                return Done(recent, error, self._judge.compared.last)
            return Done(recent)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        """Tells what came of a test that was called before, in the place of calling it."""
        done = self._done.pop(pyfuncitem, None)
        if done is None:
            return None
        assert self._judge.run is not None
        self._judge.run.ledger.resume(done.recent.exchanges)
        self._judge.compared.last = done.comparison
        if done.error is not None:
            raise done.error
        return True


def _place(item: pytest.Item) -> tuple[object, bool]:
    """The file of a test, and whether it is independent of its neighbours there."""
    return item.path, item.get_closest_marker(MARK) is not None
