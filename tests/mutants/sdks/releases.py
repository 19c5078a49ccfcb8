"""Every release of the stand-in SDK by name, whoever wrote it: those that the driver can start."""

from __future__ import annotations

from tests.blind import sdks as blind
from tests.mutants.sdks import faults
from tests.mutants.sdks.release import Release


def _together(first: dict[str, type[Release]], second: dict[str, type[Release]]) -> dict[str, type[Release]]:
    """Two tables as one. Raises ValueError where both have a name."""
    if twice := first.keys() & second.keys():
        raise ValueError(f"two releases are called {', '.join(sorted(twice))}")
    return first | second


RELEASES = _together(faults.RELEASES, blind.RELEASES)
"""The faithful one too, under the empty name."""
