"""The suite as a plugin of pytest: what conformance/conftest.py takes over, so that options are registered once.

No entry point makes pytest load it: other test suites in the same environment are left alone.
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Generator

import pytest

from conformance.harness.plugin import reaper, selection, session
from conformance.harness.plugin.items import Items
from conformance.harness.plugin.judging import ending, obstacle, traffic
from conformance.harness.plugin.judging.judge import Judge
from conformance.harness.plugin.output import allure as allure_results
from conformance.harness.plugin.output import junit
from conformance.harness.plugin.output.terminal import Screen
from conformance.harness.plugin.session import refuse
from conformance.harness.plugin.settings import address, leaks, options
from conformance.harness.plugin.side_by_side import SideBySide
from conformance.harness.plugin.workers import Workers
from conformance.harness.wire.together import AT_ONCE, MOST_AT_ONCE, allowed
from emulator.process import emulator_process

SPREADING = ("load", "worksteal")
"""Ways of xdist that give the tests of one file to several workers."""
BASE_URL_HELP = "address of the target; without it the emulator that comes with the suite is judged"
EMBEDDED_KEY = "sk_test_embedded_emulator"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the suite's options."""
    options.add_options(parser)
    _show_first(parser)


def _show_first(parser: pytest.Parser) -> None:
    """Puts the suite's options before those of pytest in --help; like pytest itself, by what argparse keeps inside.

    First of all comes --base-url, which pytest-base-url has put among others.
    """
    groups = parser.optparser._action_groups
    for name in reversed(options.GROUPS):
        ours = parser.getgroup(name)._arggroup
        groups.insert(0, groups.pop(groups.index(ours)))
    for group in groups:
        for action in [known for known in group._group_actions if "--base-url" in known.option_strings]:
            group._group_actions.remove(action)
            groups[0]._group_actions.insert(0, action)
            action.help, action.metavar = BASE_URL_HELP, "URL"


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, int, int]:
    """Runs the session; one that was interrupted ends so, whatever was in the middle of its work then.

    A file or socket that the interrupt left open is a warning, which pytest may take for an error after the end.
    """
    _settle_first(config)
    try:
        status = yield
    except (Exception, KeyboardInterrupt):
        if not ending.was_interrupted(config):
            raise
        return pytest.ExitCode.INTERRUPTED
    return pytest.ExitCode.INTERRUPTED if ending.was_interrupted(config) else status


def _settle_first(config: pytest.Config) -> None:
    """Refuses an address that is empty, before pytest-base-url takes it for one that was not given, and --debug.

    With -n, unless --dist says otherwise, the thorough profile keeps each file on one worker. The others have no
    workers, but more requests under way at the same time: their tests share what they create, and each worker
    would create it anew, until all of it together is more than the API lets anybody delete in a minute. Workers
    that --tx names, on this machine or on others, each get whole files, since the tests of a file share most; in
    the order of the collection, in which what has to run last comes last, and not the largest file first.
    """
    option = config.option
    leaks.close(config)
    if option.base_url is not None and not option.base_url.strip():
        session.refuse(config, "--base-url: is empty; without the option the embedded emulator is judged")
    allowed.allow(AT_ONCE)
    if option.numprocesses and option.dist == "no":
        if option.profile == "thorough":
            option.dist = "loadfile"
        else:
            workers = option.numprocesses if isinstance(option.numprocesses, int) else os.cpu_count() or 1
            allowed.allow(min(workers * AT_ONCE, MOST_AT_ONCE))
            option.numprocesses = None
    elif option.distload or option.dist in SPREADING:
        option.distload, option.dist = False, "loadfile"
    option.loadscopereorder = False


def pytest_configure(config: pytest.Config) -> None:
    """Starts the embedded emulator where no target is named, and registers the judge."""
    config.addinivalue_line("markers", "requirement(id): the promise that the test checks")
    config.addinivalue_line("markers", "run_last: judges what all other tests did, so runs last")
    config.addinivalue_line("markers", "reads: sends nothing but GET, so that it runs with --read-only too")
    config.addinivalue_line("markers", "existing: judges what is there; without --read-only others ask the same")
    config.addinivalue_line(
        "markers", "independent(*changed, shares, turn): minds no test but who changes the same: see side_by_side"
    )
    config.addinivalue_line("markers", "generated: makes up its requests, more than anybody would read")
    try:
        options.settle_options(config)
    except pytest.UsageError as error:
        session.refuse(config, str(error))
    address.settle(config)
    if not config.option.base_url and not is_only_looking(config):
        _start_emulator(config)
    config.pluginmanager.register(Items(), "conformance-items")
    if is_only_looking(config) or config.option.reap:
        return
    if config.option.sdk:
        session.open_sdk(config)
    session.note(config, reaper.leftovers(config))
    accepted = session.accepted_deviations(config)
    judge = Judge(config, session.verdict_of(config), accepted)
    config.pluginmanager.register(junit.JunitCases(config, judge.verdict), "conformance-junit")  # the judge ends first
    config.pluginmanager.register(judge, "conformance-judge")
    config.pluginmanager.register(SideBySide(judge), "conformance-side-by-side")
    config.pluginmanager.register(obstacle.Obstacles(config, judge), "conformance-obstacles")
    judge.ending.listen(config)
    allure_results.register(config, judge)
    if not hasattr(config, "workerinput"):
        if config.option.sdk:
            config.pluginmanager.register(traffic.Traffic(judge.verdict), "conformance-traffic")
        config.pluginmanager.register(Screen(config, judge.verdict), "conformance-screen")
        config.pluginmanager.register(Workers(config, judge), "conformance-workers")
        config.pluginmanager.register(session.Session(config, judge.verdict, accepted), "conformance-session")


def _start_emulator(config: pytest.Config) -> None:
    """Runs the embedded emulator until the session ends, as the target."""
    emulator = contextlib.ExitStack()
    config.option.api_key, config.option.embedded = EMBEDDED_KEY, True
    config.option.base_url = emulator.enter_context(emulator_process(EMBEDDED_KEY))
    config.add_cleanup(emulator.close)


def is_only_looking(config: pytest.Config) -> bool:
    """Whether no test will run, so that no target is needed."""
    option = config.option
    return bool(option.collectonly or option.help or option.version or option.showfixtures or option.markers)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keeps what asks the subject; of that, the quick profile keeps one test of each promise at each operation."""
    traffic.deselect(config, items)
    selection.select(config, items)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuses a -k that selects nothing. Raises pytest.UsageError.

    Modules and items stay until the process ends: the garbage collector need not go through them again and again.
    """
    gc.freeze()
    config = session.config
    if config.option.keyword and not session.items and not is_only_looking(config) and not config.option.reap:
        reason = selection.why_empty(config)
        judge = config.pluginmanager.get_plugin("conformance-judge")
        assert isinstance(judge, Judge)
        judge.obstacle = reason
        refuse(config, reason)


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """With --reap, removes leftovers in the place of running tests."""
    if not session.config.option.reap:
        return None
    session.testsfailed = reaper.report(session.config)
    return True
