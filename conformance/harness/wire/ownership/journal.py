"""What the run creates, on disk before it is sent, so that it can be removed even after the run was killed.

A journal is a file of JSON lines, each an event of the run. It is locked as long as its run lives.
"""

from __future__ import annotations

import contextlib
import enum
import fcntl
import json
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SUFFIX = ".journal"


class JournalInUseError(Exception):
    """The run whose journal it is still lives; the text says which process that is."""


class State(enum.StrEnum):
    """What came of a create."""

    OPEN = "open"
    """No answer that tells, or none yet: there may be an organization."""
    REFUSED = "refused"
    CLAIMED = "claimed"
    """Answered with an id of its own."""
    SETTLED = "settled"
    """Made nothing, as far as was looked."""


@dataclass
class Create:
    """One create that was sent."""

    number: int
    contents: list[bytes]
    """Its body, then those of the updates of what it made."""
    state: State = State.OPEN


@dataclass
class Claim:
    """An organization by the id that a create was answered with. Whose it is has to be seen."""

    id: str
    create: Create
    was_there: bool
    """Whether the id was seen before the create was sent."""
    created_at: Any = None
    """As shown when it was seen to be the run's; None until then."""
    deleted: bool = False
    """Whether a delete was answered with success."""
    removed: bool = False
    """Whether a look has shown that it is gone."""


@dataclass
class Begun:
    """What a run knew of its target before it created anything."""

    moment: float | None = None
    """When it began, by the target's clock, in seconds since 1970."""
    saw_all: bool = False
    """Whether it has seen every organization that was there."""
    seen: frozenset[str] = frozenset()
    """The ids that it has seen."""


class Journal:
    """The creates of one run at one target; the first line names target, run token and process."""

    def __init__(self, path: Path, base_url: str, token: str, session: str = "") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._open(path, base_url, token)
        fcntl.flock(self._lines, fcntl.LOCK_EX)
        self._write({"base_url": base_url, "token": token, "process": os.getpid(), "session": session})

    def _open(self, path: Path, base_url: str, token: str) -> None:
        self.path = path
        self.base_url = base_url
        self.token = token
        self.begun = Begun()
        self.creates: list[Create] = []
        self.claims: dict[str, Claim] = {}
        self._lock = threading.RLock()
        self._lines = path.open("a", encoding="utf-8")

    @classmethod
    def reopened(cls, path: Path) -> Journal | None:
        """The journal that an earlier run left, None when it cannot be read. Raises JournalInUseError."""
        lines = list(_lines(path))
        if not lines or not {"base_url", "token"} <= lines[0].keys():
            return None
        journal = cls.__new__(cls)
        journal._open(path, str(lines[0]["base_url"]), str(lines[0]["token"]))
        try:
            fcntl.flock(journal._lines, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            journal._lines.close()
            raise JournalInUseError(f"process {lines[0].get('process', 'unknown')}") from None
        if not path.exists():  # its run came to its end in the meantime
            journal._lines.close()
            return None
        for line in lines[1:]:
            with contextlib.suppress(KeyError, IndexError, TypeError, AttributeError):
                journal._apply(line)
        return journal

    # ---- what happens, in order

    def begin(self, moment: float | None = None, saw_all: bool = False, seen: Iterable[str] = ()) -> None:
        """Notes what is known of the target before the first create."""
        self._note(event="begun", moment=moment, saw_all=saw_all, seen=sorted(seen))

    def intend(self, content: bytes) -> Create:
        """A create with this body is about to be sent."""
        with self._lock:
            self._note(event="create", body=content.decode("utf-8", "surrogateescape"))
            return self.creates[-1]

    def refuse(self, create: Create) -> None:
        """The create was refused."""
        self._note(event="refused", number=create.number)

    def settle(self, create: Create) -> None:
        """The create made nothing, or what another one had made."""
        self._note(event="settled", number=create.number)

    def disown(self, claim: Claim) -> None:
        """The id that a create was answered with is somebody else's: what it made has to be looked for."""
        self._note(event="disowned", id=claim.id)

    def claim(self, create: Create, identifier: str, was_there: bool = False) -> None:
        """The create was answered with this id."""
        self._note(event="created", created=identifier, number=create.number, was_there=was_there)

    def update(self, identifier: str, content: bytes) -> None:
        """An update with this body is about to be sent."""
        if identifier in self.claims:
            self._note(event="update", id=identifier, body=content.decode("utf-8", "surrogateescape"))

    def confirm(self, identifier: str, created_at: Any) -> None:
        """The organization was seen to be the run's."""
        self._note(event="confirmed", id=identifier, created_at=created_at)

    def delete(self, identifier: str) -> None:
        """A delete was answered with success."""
        if identifier in self.claims and not self.claims[identifier].deleted:
            self._note(event="deleted", id=identifier)

    def remove(self, identifier: str) -> None:
        """A look has shown that the organization is gone."""
        if identifier in self.claims and not self.claims[identifier].removed:
            self._note(event="removed", id=identifier)

    def restore(self, identifier: str) -> None:
        """A look has shown that the organization is still there after all."""
        if identifier in self.claims and self.claims[identifier].removed:
            self._note(event="restored", id=identifier)

    # ---- what it comes to

    @property
    def created(self) -> int:
        """How many organizations were created, by the ids that creates were answered with."""
        return len(self.claims)

    @property
    def removed(self) -> int:
        """How many of them are seen to be gone."""
        return sum(claim.removed for claim in self.claims.values())

    @property
    def left(self) -> list[Claim]:
        """What was created and is not seen to be gone."""
        return [claim for claim in self.claims.values() if not claim.removed]

    def creates_that_are(self, state: State) -> list[Create]:
        """The creates of which this came."""
        return [create for create in self.creates if create.state is state]

    @property
    def is_empty(self) -> bool:
        """Whether no create was sent."""
        return not self.creates

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to remove or to look for."""
        return not self.left and not self.creates_that_are(State.OPEN)

    def close(self) -> None:
        """Closes the file, and deletes it when nothing is left to remove."""
        if self.is_over:
            self.path.unlink(missing_ok=True)
        self._lines.close()

    # ---- the file

    def _note(self, **line: Any) -> None:
        with self._lock:
            self._apply(line)
            self._write(line)

    def _write(self, line: dict[str, Any]) -> None:
        self._lines.write(json.dumps(line) + "\n")
        self._lines.flush()

    def _apply(self, line: dict[str, Any]) -> None:
        event = line.pop("event")
        getattr(self, f"_on_{event}")(**line)
        line["event"] = event

    def _on_begun(self, moment: float | None, saw_all: bool, seen: Iterable[str] = ()) -> None:
        self.begun = Begun(moment, saw_all, frozenset(seen))

    def _on_create(self, body: str) -> None:
        self.creates.append(Create(len(self.creates), [body.encode("utf-8", "surrogateescape")]))

    def _on_refused(self, number: int) -> None:
        self.creates[number].state = State.REFUSED

    def _on_settled(self, number: int) -> None:
        self.creates[number].state = State.SETTLED

    def _on_disowned(self, id: str) -> None:
        self.claims.pop(id).create.state = State.OPEN

    def _on_created(self, created: str, number: int, was_there: bool) -> None:
        create = self.creates[number]
        create.state = State.CLAIMED
        self.claims[created] = Claim(created, create, was_there)

    def _on_update(self, id: str, body: str) -> None:
        self.claims[id].create.contents.append(body.encode("utf-8", "surrogateescape"))

    def _on_confirmed(self, id: str, created_at: Any) -> None:
        self.claims[id].created_at = created_at

    def _on_deleted(self, id: str) -> None:
        self.claims[id].deleted = True

    def _on_removed(self, id: str) -> None:
        self.claims[id].removed = True

    def _on_restored(self, id: str) -> None:
        self.claims[id].removed = False


@dataclass
class Journals:
    """The journals that a folder holds of one target."""

    idle: list[Journal] = field(default_factory=list)
    """Those of runs that were killed, locked by whoever asked."""
    in_use: list[str] = field(default_factory=list)
    """Who has the others."""


def journals(folder: Path, base_url: str, session: str | None = None) -> Journals:
    """What earlier runs at this target left, or what is left of one session alone."""
    found = Journals()
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        head = next(_lines(path), {})
        if head.get("base_url") != base_url or session not in (None, head.get("session")):
            continue
        try:
            journal = Journal.reopened(path)
        except JournalInUseError as error:
            found.in_use.append(str(error))
        else:
            found.idle += [journal] if journal else []
    return found


def processes(folder: Path, session: str) -> list[int]:
    """The processes whose journals of a session lie in the folder."""
    heads = [next(_lines(path), {}) for path in sorted(folder.glob(f"*{SUFFIX}"))]
    return [head["process"] for head in heads if head.get("session") == session and isinstance(head["process"], int)]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines that were written whole; a killed run may have left half of one, an ended one no file."""
    with contextlib.suppress(OSError):
        for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
            with contextlib.suppress(ValueError):
                line = json.loads(text)
                if isinstance(line, dict):
                    yield line
