"""What the run created, on disk, so that it can be removed even after the run was killed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SUFFIX = ".journal"


class Journal:
    """Organizations of one run at one target, one JSON line each; the first line names target and run token."""

    def __init__(self, path: Path, base_url: str, token: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.base_url = base_url
        self.token = token
        self._created: set[str] = set()
        self._removed: set[str] = set()
        self._lines = path.open("a", encoding="utf-8")
        if not path.stat().st_size:
            self._write({"base_url": base_url, "token": token})

    @classmethod
    def reopened(cls, path: Path) -> Journal | None:
        """The journal in a file that an earlier run left, None when it cannot be read."""
        lines = list(_lines(path))
        if not lines or "token" not in lines[0]:
            return None
        journal = cls(path, str(lines[0].get("base_url")), str(lines[0]["token"]))
        for line in lines[1:]:
            if "created" in line:
                journal._created.add(line["created"])
                journal._removed.discard(line["created"])
            elif "removed" in line:
                journal._removed.add(line["removed"])
        return journal

    @property
    def created(self) -> int:
        """How many organizations were created."""
        return len(self._created)

    @property
    def removed(self) -> int:
        """How many of them were removed."""
        return len(self._removed)

    @property
    def left(self) -> list[str]:
        """Ids of what was created and not removed yet."""
        return sorted(self._created - self._removed)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._created

    def add(self, identifier: str) -> None:
        """Notes that the run created this organization."""
        if identifier not in self._created:
            self._created.add(identifier)
            self._write({"created": identifier})

    def remove(self, identifier: str) -> None:
        """Notes that this organization is gone."""
        if identifier in self._created and identifier not in self._removed:
            self._removed.add(identifier)
            self._write({"removed": identifier})

    def has_removed(self, identifier: object) -> bool:
        """Whether the target said that this organization is gone."""
        return identifier in self._removed

    def restore(self, identifier: str) -> None:
        """Notes that this organization is still there after all."""
        self._removed.discard(identifier)
        self._write({"created": identifier})

    def close(self) -> None:
        """Closes the file and deletes it when nothing is left to remove."""
        self._lines.close()
        if not self.left:
            self.path.unlink(missing_ok=True)

    def _write(self, line: dict[str, str]) -> None:
        self._lines.write(json.dumps(line) + "\n")
        self._lines.flush()


def journals(folder: Path, base_url: str) -> Iterator[Journal]:
    """Journals that earlier runs at this target left."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        journal = Journal.reopened(path)
        if journal is not None and journal.base_url == base_url:
            yield journal


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines that were written whole; a killed run may have left half of one."""
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict):
            yield line
