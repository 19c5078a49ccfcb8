"""A driver without an SDK, with one fault by name: what the host must withstand.

Runs as a program: ``python stand_in.py FAULT``. Each class is a driver; its name, in kebab case, is the fault's.
"""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class Faithful:
    """Gives back what it was given."""

    unsupported: Mapping[str, str] = MappingProxyType({"create.domains": "There is no such parameter."})

    def run(self) -> None:
        """Takes commands until there are no more."""
        for line in sys.stdin:
            command = json.loads(line)
            if command["cmd"] == "stop":
                break
            if command["cmd"] == "start":
                self.start()
            else:
                self.call(command)

    def start(self) -> None:
        self.reply(self.started())

    def started(self) -> dict[str, Any]:
        return {
            "type": "started",
            "protocol": 1,
            "sdk": "python",
            "package": "workos",
            "version": "10.8.0",
            "language": "none",
            "operations": ["create", "get", "lookup", "list", "iterate", "update", "delete"],
            "unsupported": dict(self.unsupported),
        }

    def call(self, command: dict[str, Any]) -> None:
        self.reply(self.value(command, json.dumps(command)))

    def value(self, command: dict[str, Any], value: Any) -> dict[str, Any]:
        complete = {"complete": True} if command["op"] == "iterate" else {}
        return {"type": "value", "seq": command["seq"], "value": value, **complete}

    def reply(self, message: dict[str, Any]) -> None:
        self.write(json.dumps(message) + "\n")

    def write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


class NoiseOnStdout(Faithful):
    def call(self, command: dict[str, Any]) -> None:
        self.write("DeprecationWarning: this method is old\n")
        super().call(command)


class Hangs(Faithful):
    """Hangs in every get, and says so on standard error."""

    def call(self, command: dict[str, Any]) -> None:
        if command["op"] == "get":
            print("waiting for nothing", file=sys.stderr, flush=True)
            time.sleep(3600)
        super().call(command)


class HangsWithAChild(Faithful):
    """Hangs together with a process of its own that holds its pipes; gives the numbers of both to a lookup before."""

    def call(self, command: dict[str, Any]) -> None:
        if command["op"] == "get":
            time.sleep(3600)
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
        self.reply(self.value(command, json.dumps([os.getpid(), child.pid])))


class ReadsNothingMore(Faithful):
    def start(self) -> None:
        super().start()
        time.sleep(3600)


class Dies(Faithful):
    """Dies in every get."""

    def call(self, command: dict[str, Any]) -> None:
        if command["op"] == "get":
            print("Segmentation fault", file=sys.stderr, flush=True)
            os._exit(3)
        super().call(command)


class DiesInTheMiddleOfALine(Faithful):
    def call(self, command: dict[str, Any]) -> None:
        self.write('{"type": "value", "se')
        os._exit(4)


class WritesWithoutEnd(Faithful):
    def call(self, command: dict[str, Any]) -> None:
        while True:
            self.write("x" * 65536)


class AnswersAnotherCall(Faithful):
    def value(self, command: dict[str, Any], value: Any) -> dict[str, Any]:
        return super().value({**command, "seq": command["seq"] + 1}, value)


class AnswersTwice(Faithful):
    def call(self, command: dict[str, Any]) -> None:
        super().call(command)
        super().call(command)


class UnknownReply(Faithful):
    def call(self, command: dict[str, Any]) -> None:
        self.reply({"type": "done", "seq": command["seq"]})


class BreaksTheSchema(Faithful):
    def value(self, command: dict[str, Any], value: Any) -> dict[str, Any]:
        return super().value(command, {"createdAt": "2026-01-15T12:00:00.000Z"})


class NotANumber(Faithful):
    def value(self, command: dict[str, Any], value: Any) -> dict[str, Any]:
        return super().value(command, float("nan"))


class ForgetsComplete(Faithful):
    def value(self, command: dict[str, Any], value: Any) -> dict[str, Any]:
        return {"type": "value", "seq": command["seq"], "value": value}


class Undeclared(Faithful):
    """Refuses what it did not declare."""

    def call(self, command: dict[str, Any]) -> None:
        self.reply({"type": "unsupported", "seq": command["seq"], "what": ["unknown.list.order"]})


class SeesOnlyLater(Faithful):
    """Declared what it refuses, but the host cannot see that the call needs it."""

    unsupported = MappingProxyType({"unknown": "The enum has no such member."})

    def call(self, command: dict[str, Any]) -> None:
        self.reply({"type": "unsupported", "seq": command["seq"], "what": ["unknown.list.order"]})


class FailsItself(Faithful):
    def call(self, command: dict[str, Any]) -> None:
        self.reply({"type": "harness_error", "seq": command["seq"], "message": "KeyError: 'op'"})


class StartsSlowly(Faithful):
    def start(self) -> None:
        time.sleep(0.5)
        super().start()


class NeverStarts(Faithful):
    def start(self) -> None:
        time.sleep(3600)


class DiesAtStart(Faithful):
    def start(self) -> None:
        print("ModuleNotFoundError: No module named 'workos'", file=sys.stderr, flush=True)
        os._exit(1)


class CannotStart(Faithful):
    def start(self) -> None:
        self.reply({"type": "harness_error", "seq": None, "message": "unsupported.json: no such file"})


class AnotherVersion(Faithful):
    def started(self) -> dict[str, Any]:
        return {**super().started(), "version": "10.7.9"}


class AnotherSdk(Faithful):
    def started(self) -> dict[str, Any]:
        return {**super().started(), "sdk": "ruby"}


class TalksOnStderr(Faithful):
    def call(self, command: dict[str, Any]) -> None:
        for number in range(20_000):
            print(f"line {number}", file=sys.stderr)
        sys.stderr.flush()
        super().call(command)


class AnswersBackwards(Faithful):
    """Waits for two calls and answers the second one first."""

    first: dict[str, Any] | None = None

    def call(self, command: dict[str, Any]) -> None:
        if self.first is None:
            self.first = command
        else:
            super().call(command)
            super().call(self.first)


class OneByOne(Faithful):
    """Declares that it runs one call at a time, and dies when a second one comes before it has answered."""

    unsupported = MappingProxyType({"parallel": "The language has no threads."})

    def run(self) -> None:
        self.waiting: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        while (command := json.loads(self.waiting.get()))["cmd"] != "stop":
            if command["cmd"] == "start":
                self.start()
            else:
                self.call(command)

    def read(self) -> None:
        for line in sys.stdin:
            self.waiting.put(line)

    def call(self, command: dict[str, Any]) -> None:
        time.sleep(0.2)
        if not self.waiting.empty():
            os._exit(5)
        super().call(command)


class ShowsItsEnvironment(Faithful):
    def call(self, command: dict[str, Any]) -> None:
        self.reply(self.value(command, json.dumps(dict(os.environ))))


class OutlivesItsInput(Faithful):
    """Does not end with its standard input, nor when it is told to stop."""

    def run(self) -> None:
        super().run()
        time.sleep(3600)


def kebab(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()


DRIVERS: list[type[Faithful]] = [Faithful, *Faithful.__subclasses__()]
FAULTS = {kebab(driver.__name__): driver for driver in DRIVERS}

if __name__ == "__main__":
    FAULTS[sys.argv[1]]().run()
