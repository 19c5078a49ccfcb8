"""What the run created, on disk, so that it can be removed even after the run was killed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

SUFFIX = ".journal"


class Journal:
    """Organizations of one run at one target, one JSON line each; the first line names target and word."""

    def __init__(self, path: Path, base_url: str, word: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._created: dict[str, float] = {}
        self._removed: set[str] = set()
        self._lines = path.open("a", encoding="utf-8")
        self._write({"base_url": base_url, "word": word})

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
        return sorted(self._created.keys() - self._removed)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._created

    def add(self, identifier: str) -> None:
        """Notes that the run created this organization."""
        if identifier not in self._created:
            self._created[identifier] = time.monotonic()
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

    def seconds_between(self, one: str, other: str) -> float:
        """How much time passed between the notes of two creations. Raises KeyError for unknown ids."""
        return self._created[other] - self._created[one]

    def age(self, identifier: str) -> float:
        """How much time has passed since the note of a creation. Raises KeyError for an unknown id."""
        return time.monotonic() - self._created[identifier]

    def close(self) -> None:
        """Closes the file and deletes it when nothing is left to remove."""
        self._lines.close()
        if not self.left:
            self.path.unlink(missing_ok=True)

    def _write(self, line: dict[str, str]) -> None:
        self._lines.write(json.dumps(line) + "\n")
        self._lines.flush()


def leftovers(folder: Path, base_url: str) -> Iterator[tuple[Path, str, list[str]]]:
    """Journals of earlier runs at this target: file, word of the run, ids that were not removed."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
        if not lines or lines[0].get("base_url") != base_url:
            continue
        left: set[str] = set()
        for line in lines[1:]:
            left = left | {line["created"]} if "created" in line else left - {line["removed"]}
        yield path, lines[0]["word"], sorted(left)
