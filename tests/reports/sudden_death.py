"""A pytest plugin that kills the run in the middle, as a machine that is out of memory does."""

import os
import signal


def pytest_runtest_call() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
