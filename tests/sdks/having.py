"""Which SDKs can be had on this machine."""

from __future__ import annotations

import pytest

from sdks import toolchain
from sdks.errors import SdkError
from sdks.table import SDKS


def requires(name: str) -> None:
    """Skips the test where the toolchain of that SDK is missing."""
    try:
        toolchain.check(SDKS[name], building=True)
    except SdkError as missing:
        pytest.skip(str(missing))
