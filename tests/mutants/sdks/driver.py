"""The driver of the stand-in SDK. Runs as a program: ``python -m tests.mutants.sdks.driver VERSION``.

The version says which release it is: ``1.0.0`` the faithful one, ``1.0.0+swallows-errors`` one with that fault.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

from tests.mutants.sdks.call import Call
from tests.mutants.sdks.release import Release
from tests.mutants.sdks.releases import RELEASES

writing = threading.Lock()


def main(version: str) -> None:
    """Takes commands until there are no more."""
    release = RELEASES[version.partition("+")[2]](version)
    for line in sys.stdin:
        command = json.loads(line)
        if command["cmd"] == "stop":
            break
        if command["cmd"] == "start":
            reply(started(version))
        else:
            threading.Thread(target=answer, args=(release, command), daemon=True).start()
    os._exit(0)


def started(version: str) -> dict[str, Any]:
    """What this driver speaks for."""
    return {
        "type": "started",
        "protocol": 1,
        "sdk": "stand-in",
        "package": "stand-in",
        "version": version,
        "language": f"Python {sys.version_info.major}.{sys.version_info.minor}",
        "operations": ["create", "get", "lookup", "list", "iterate", "update", "delete"],
        "unsupported": {},
    }


def answer(release: Release, command: dict[str, Any]) -> None:
    """Makes a call and replies."""
    call = Call(*(command[name] for name in ("op", "args", "client", "opts", "limits")))
    reply({**release.outcome(call), "seq": command["seq"]})


def reply(message: dict[str, Any]) -> None:
    """Writes one line."""
    with writing:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
