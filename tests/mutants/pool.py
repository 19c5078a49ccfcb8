"""Trials side by side, each in a process of its own, forked from a server that has already imported everything."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

T = TypeVar("T")

CORES = os.cpu_count() or 1


class Pool:
    """Runs trials, so many at once."""

    def __init__(self, at_once: int = CORES) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.mutants.warm"])
        self._executor = ProcessPoolExecutor(at_once, mp_context=context, max_tasks_per_child=1)

    def start(self, trial: Callable[..., T], *arguments: object) -> Future[T]:
        """Starts a trial as soon as there is room; `trial` is a function of a module."""
        return self._executor.submit(trial, *arguments)

    def close(self) -> None:
        """Gives up the trials that have not started."""
        self._executor.shutdown(cancel_futures=True)
