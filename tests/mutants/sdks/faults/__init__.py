"""Every release of the stand-in SDK: a class of one of these modules is a release, its name in kebab case the fault."""

from __future__ import annotations

import re

from tests.mutants.sdks.faults import errors, processes, requests, retries, values
from tests.mutants.sdks.release import Release


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()


FAULTS: dict[str, type[Release]] = {
    _kebab(found.__name__): found
    for module in (requests, values, errors, retries, processes)
    for found in vars(module).values()
    if isinstance(found, type) and issubclass(found, Release) and found is not Release
}
"""By name."""
RELEASES: dict[str, type[Release]] = {"": Release, **FAULTS}
"""The faithful one too."""
