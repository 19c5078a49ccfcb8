"""Runs tests at the same time that do not depend on each other, for targets that are far away.

All tests that are marked as ``independent`` are called in several threads before the turn of the first of them
comes, wherever they stand; those that run last are called together when the turn of the first of these comes. Each
names in the mark what it changes, and what it ``shares`` with others that leave it as it is: tests that mind each
other are called one after the other, in their order. Tests with another ``turn`` in the mark are called before or
after them, never at the same time, and so are all that have no mark. What came of each is kept, and told when its own
turn comes: so pytest, the judge and every report see one test after the other, in their order.

They are set up one after the other, while those that were set up before are running. So a fixture may create
organizations, but changes none that tests name in their marks: that is done within the tests, by the first that
asks for it. Fixtures of the session are set up once, all others once more when the turn of the test comes.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import pytest

from conformance.harness.evidence.comparison import Comparison
from conformance.harness.judges.ledger import apart
from conformance.harness.plugin.judging.judge import Judge
from conformance.harness.plugin.output.terminal import Screen
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.together import Lanes, allowed
from conformance.harness.wire.transports.limits import RunEndedError

MARK = "independent"
UNFIT = (Exception, pytest.skip.Exception, RunEndedError)
"""What keeps a fixture from being had: the test itself will meet it, and say so."""


@dataclass(frozen=True)
class Done:
    """What came of a test that was called before its turn."""

    exchanges: list[Exchange]
    error: BaseException | None
    comparison: Comparison | None


class SideBySide:
    """The tests of a session that are called together."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._screen: Screen | None = None
        self._waiting: dict[pytest.Item, list[pytest.Function]] = {}
        """The tests that are still to be called, each with all those of its turn."""
        self._done: dict[pytest.Item, Done] = {}
        self._asked_in_vain: dict[pytest.Item, list[Exchange]] = {}
        """What was sent for the fixtures of a test that it could not have."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Sees which tests are called together: none at a target that is near. An SDK is used one call at a time.

        A worker of xdist is given whole files, and knows not which.
        """
        if session.config.option.sdk or allowed.calls == 1:
            return
        screen = session.config.pluginmanager.get_plugin("conformance-screen")
        self._screen = screen if isinstance(screen, Screen) else None
        is_worker = hasattr(session.config, "workerinput")
        turns: defaultdict[object, list[pytest.Function]] = defaultdict(list)
        for item in session.items:
            marker = item.get_closest_marker(MARK)
            if marker and isinstance(item, pytest.Function):
                is_last = item.get_closest_marker("run_last") is not None
                turns[is_last, marker.kwargs.get("turn", 1), item.path if is_worker else None].append(item)
        for items in turns.values():
            self._waiting |= dict.fromkeys(items, items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Calls a test whose turn has come and all others of its turn, unless they were called before."""
        items = self._waiting.get(item, [])
        for each in items:
            del self._waiting[each]
        # Those first that may have to wait for others, and before them the one that pytest expects to be set up.
        items = sorted(items, key=lambda each: (each is not item, not any(_named(each))))
        with Lanes(self._tell) as lanes:
            for each, following in zip(items, [*items[1:], item], strict=False):
                call = self._call(each, following)
                if call is not None:
                    lanes.add(call, *_named(each))

    def _tell(self, done: int, total: int) -> None:
        if self._screen is not None:
            self._screen.show_together(done, total)

    def _call(self, item: pytest.Function, following: pytest.Item) -> partial[None] | None:
        """The call of a test with what its fixtures give; None where one of them gives nothing."""
        with apart() as sent:
            try:
                item.ihook.pytest_runtest_setup(item=item)
                arguments = {name: item.funcargs[name] for name in inspect.signature(item.function).parameters}
            except UNFIT:
                self._asked_in_vain[item] = sent.exchanges
                return None
            finally:
                item.ihook.pytest_runtest_teardown(item=item, nextitem=following)
                item._initrequest()  # its own turn begins as if nothing had been
        return partial(self._call_apart, item, partial(item.obj, **arguments), sent.exchanges)

    def _call_apart(self, item: pytest.Item, test: partial[None], sent: Iterable[Exchange]) -> None:
        error: BaseException | None = None
        with apart() as recent:
            self._judge.compared.last = None
            try:
                test()
            except BaseException as raised:  # also the end of the run, which is for its own turn to tell
                error = raised
        self._done[item] = Done([*sent, *recent.exchanges], error, self._judge.compared.last)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Takes what was sent in vain for its fixtures for requests of the test whose turn has come."""
        if item in self._asked_in_vain:
            self._resume(self._asked_in_vain.pop(item))

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        """Tells what came of a test that was called before, in the place of calling it."""
        done = self._done.pop(pyfuncitem, None)
        if done is None:
            return None
        self._resume(done.exchanges)
        self._judge.compared.last = done.comparison
        if done.error is not None:
            raise done.error
        return True

    def _resume(self, exchanges: Iterable[Exchange]) -> None:
        if self._judge.run is not None:
            self._judge.run.ledger.resume(exchanges)


def _named(item: pytest.Item) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a test changes, and what it shares with others that leave it as it is."""
    marker = item.get_closest_marker(MARK)
    return (marker.args, marker.kwargs.get("shares", ())) if marker is not None else ((), ())
