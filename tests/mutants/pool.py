"""Trials side by side, each in a process of its own, forked from a server that has already imported everything."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")

CORES = os.cpu_count() or 1


class Pool:
    """Runs trials, so many at once.

    A ProcessPoolExecutor with a new process for each task can wait for ever (Python 3.11): so threads start them.
    """

    def __init__(self, at_once: int = CORES) -> None:
        self._processes = multiprocessing.get_context("forkserver")
        self._processes.set_forkserver_preload(["tests.mutants.warm"])
        self._executor = ThreadPoolExecutor(at_once)

    def start(self, trial: Callable[..., T], *arguments: object) -> Future[T]:
        """Starts a trial as soon as there is room; `trial` is a function of a module."""
        return self._executor.submit(self._result, trial, arguments)

    def close(self) -> None:
        """Gives up the trials that have not started."""
        self._executor.shutdown(cancel_futures=True)

    def _result(self, trial: Callable[..., T], arguments: tuple[object, ...]) -> T:
        """What the trial gives in a process of its own. Raises what it raises, EOFError where the process is killed."""
        here, there = self._processes.Pipe(duplex=False)
        process = self._processes.Process(target=_send_result, args=(there, trial, arguments))
        process.start()
        there.close()
        with here:
            result: Any = here.recv()
        process.join()
        if isinstance(result, Exception):
            raise result
        outcome: T = result
        return outcome


def _send_result(connection: Connection, trial: Callable[..., object], arguments: tuple[object, ...]) -> None:
    try:
        result = trial(*arguments)
    except Exception as error:
        result = error
    connection.send(result)
