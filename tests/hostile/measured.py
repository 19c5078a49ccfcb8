"""Runs pytest, and writes the peak memory of its largest process in kB to a file.

python -m tests.hostile.measured FILE [argument of pytest ...]

Linux counts for a process what its parent had in memory when it was started. So the one that starts the suite
has to be small, which whoever serves a hostile target is not.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path


def main(file: str, arguments: list[str]) -> int:
    """The exit code of pytest; ends by the same signal, where one ended it."""
    program = subprocess.Popen([sys.executable, "-m", "pytest", *arguments])
    _, status, usage = os.wait4(program.pid, 0)
    program.returncode = os.waitstatus_to_exitcode(status)
    Path(file).write_text(str(usage.ru_maxrss), encoding="ascii")
    if program.returncode < 0:
        os.kill(os.getpid(), signal.Signals(-program.returncode))
    return program.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
