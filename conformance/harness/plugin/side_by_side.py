"""Runs tests at the same time that do not depend on each other, for targets that are far away.

Neighbours in a file that are marked as ``independent`` are called in several threads as soon as the turn of
the first of them comes. Those that change the same organization name it in the mark, and are called one after
the other; those with another ``turn`` in it are no neighbours. What came of each is kept, and told when its own
turn comes: so pytest, the judge and every report see one test after the other, in their order.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
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
    error: BaseException | None
    comparison: Comparison | None


class SideBySide:
    """The tests of a session that are called together with their neighbours."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._neighbours: dict[pytest.Item, list[pytest.Function]] = {}
        self._done: dict[pytest.Item, Done] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Sees which tests are neighbours. An SDK is used one call at a time."""
        if not session.config.option.sdk:
            for (_, is_independent, _), items in groupby(session.items, _place):
                neighbours = [item for item in items if isinstance(item, pytest.Function)]
                self._neighbours |= dict.fromkeys(neighbours if is_independent else (), neighbours)

    def run(self, request: pytest.FixtureRequest) -> None:
        """Calls the test that asks for it and its neighbours, unless they were called before."""
        neighbours = self._neighbours.get(request.node, [])
        for item in neighbours:
            del self._neighbours[item]
        lanes: defaultdict[object, list[partial[None]]] = defaultdict(list)
        for item in neighbours:
            call = self._call(item, request)
            if call is not None:
                lanes[_lane(item)].append(call)
        longest_first = sorted(lanes.values(), key=len, reverse=True)
        together([partial(self._call_each, lane) for lane in longest_first])

    def _call_each(self, lane: list[partial[None]]) -> None:
        for call in lane:
            call()

    def _call(self, item: pytest.Function, request: pytest.FixtureRequest) -> partial[None] | None:
        """The call of a test with what its fixtures give; None where one of them gives nothing.

        They are had through the request of the first of the neighbours, who share them all.
        """
        given = dict(item.callspec.params) if hasattr(item, "callspec") else {}
        given["observe"] = observing(item)
        names = inspect.signature(item.function).parameters
        unnamed = [name for marker in item.iter_markers("usefixtures") for name in marker.args]
        try:
            for name in unnamed:
                request.getfixturevalue(name)
            arguments = {name: given[name] if name in given else request.getfixturevalue(name) for name in names}
        except UNFIT:
            return None
        return partial(self._call_apart, item, partial(item.obj, **arguments))

    def _call_apart(self, item: pytest.Item, test: partial[None]) -> None:
        error: BaseException | None = None
        with apart() as recent:
            self._judge.compared.last = None
            try:
                test()
            except BaseException as raised:  # also the end of the run, which is for its own turn to tell
                error = raised
        self._done[item] = Done(recent, error, self._judge.compared.last)

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


def _lane(item: pytest.Item) -> object:
    """What tests have in common that are called one after the other; by itself each is a lane of its own."""
    marker = item.get_closest_marker(MARK)
    return marker.args if marker is not None and marker.args else item


def _place(item: pytest.Item) -> tuple[object, bool, object]:
    """The file of a test, whether it is independent of its neighbours there, and its turn among them."""
    marker = item.get_closest_marker(MARK)
    return item.path, marker is not None, marker.kwargs.get("turn", 1) if marker else None
