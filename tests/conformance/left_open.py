"""A pytest plugin that interrupts the run, and leaves a folder open that was being read as the signal came."""

from __future__ import annotations

import os
import signal

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--signal", required=True)


def pytest_runtest_call(item: pytest.Item) -> None:
    os.kill(os.getpid(), signal.Signals[item.config.option.signal])


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """Here what is open is found by the time that pytest looks for such things."""
    folder = os.scandir()
    next(folder)
    del folder
