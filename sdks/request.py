"""What was asked for with ``--sdk``: NAME, NAME==VERSION or NAME=PATH."""

from __future__ import annotations

import re
from pathlib import Path

from attrs import frozen

from sdks.errors import SdkError
from sdks.table import SDKS, Sdk
from specs.suggestion import did_you_mean

_VERSION = re.compile(r"[0-9][0-9A-Za-z.+-]*")


@frozen
class Requested:
    """An SDK and the release or the checkout of it that is wanted."""

    sdk: Sdk
    version: str | None
    """None for a checkout, which says by itself what version it is."""
    checkout: Path | None = None

    @property
    def pinned(self) -> bool:
        """Whether it is the release that the lock file in the SDK's folder describes."""
        return self.version is not None and self.version == self.sdk.version

    def __str__(self) -> str:
        return f"{self.sdk.name}={self.checkout}" if self.checkout else f"{self.sdk.name}=={self.version}"


def parse(text: str) -> Requested:
    """Reads what was given for ``--sdk``. Raises SdkError when it names nothing that can be run."""
    name, separator, rest = text.partition("=")
    sdk = SDKS.get(name)
    if sdk is None:
        known = ", ".join(SDKS)
        raise SdkError(f"--sdk {text}: no SDK has that name; there are {known}{did_you_mean(name.lower(), SDKS)}")
    if not separator:
        if sdk.version is None:
            missing = f"no release of {sdk.package} of {sdk.registry} is pinned"
            raise SdkError(f"--sdk {text}: {missing}; give a checkout, as in {name}=PATH")
        return Requested(sdk, sdk.version)
    if rest.startswith("="):
        return Requested(sdk, _version(text, rest[1:]))
    return Requested(sdk, None, _checkout(text, rest))


def _version(text: str, version: str) -> str:
    plain = version.removeprefix("v")
    if not _VERSION.fullmatch(plain):
        raise SdkError(f"--sdk {text}: {version!r} is no version")
    return plain


def _checkout(text: str, path: str) -> Path:
    folder = Path(path).expanduser()
    if not path or not folder.is_dir():
        raise SdkError(f"--sdk {text}: there is no folder {path!r}")
    return folder.resolve()
