"""The subject of a verdict: the server or the SDK that is judged."""

from __future__ import annotations

from dataclasses import dataclass

SERVER, SDK = "server", "sdk"
EMBEDDED = "the embedded emulator"


@dataclass(frozen=True)
class Subject:
    """What is judged."""

    kind: str
    """SERVER or SDK."""
    name: str
    """Of a server its base URL, of an SDK its name in the table of SDKs."""
    version: str = ""
    """Of an SDK its release; servers do not tell theirs."""
    embedded: bool = False
    """Whether the server is the emulator that the suite starts where no other is named."""

    @property
    def identity(self) -> str:
        """What stays the same from run to run, also where a port or a release does not."""
        return EMBEDDED if self.embedded else self.name

    @property
    def title(self) -> str:
        """What a reader is told: of an SDK that it is one."""
        return f"the {self.name} SDK {self.version}".rstrip() if self.kind == SDK else str(self)

    def __str__(self) -> str:
        if self.embedded:
            return f"{EMBEDDED} at {self.name}"
        return f"{self.name}=={self.version}" if self.version else self.name

    def answers_to(self, name: str) -> bool:
        """Whether a deviation that names its subject like this means this one."""
        return name in (self.name, str(self), self.identity)


def server(base_url: str, embedded: bool = False) -> Subject:
    """A server as the subject."""
    return Subject(SERVER, base_url, embedded=embedded)


def sdk(name: str, version: str = "") -> Subject:
    """An SDK as the subject."""
    return Subject(SDK, name, version)
