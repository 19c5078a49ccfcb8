"""The emulator in a process of its own, which ends no later than whoever started it.

Whoever judges it does not share an interpreter with it, so that both run at the same time on a machine with two cores.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from emulator.listening import address, listen

ROOT = Path(__file__).parents[1]
"""The folder that holds the package, wherever the suite is started."""


@contextlib.contextmanager
def emulator_process(api_key: str) -> Iterator[str]:
    """Gives the base URL at once; requests wait for as long as the emulator takes to start.

    It keeps its data in memory, and is gone when the block is left. Raises OSError when it cannot be started.
    """
    with listen() as listener:
        url = address(listener)
        process = _start(api_key, listener.fileno())
    # The socket is the emulator's alone by now: were it to fail, connections are refused.
    with process:
        try:
            yield url
        finally:
            process.kill()  # nothing is kept, so nothing has to be brought to an end


def _start(api_key: str, descriptor: int) -> subprocess.Popen[bytes]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(  # noqa: S603 - its own module
        [sys.executable, "-m", "emulator", "--api-key", api_key, "--fd", str(descriptor)],
        stdin=subprocess.PIPE,  # ends with this process, however it ends
        stdout=subprocess.DEVNULL,
        pass_fds=[descriptor],
        process_group=0,  # Ctrl-C is not for the emulator: whoever is interrupted may have something to remove
        env={**os.environ, "PYTHONPATH": path},
    )
