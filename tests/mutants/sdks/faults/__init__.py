"""Every release of the stand-in SDK: a class of one of these modules is a release, its name in kebab case the fault."""

from __future__ import annotations

import re
from types import ModuleType

from tests.mutants.sdks.faults import (
    attempts,
    clients,
    domains,
    errors,
    iteration,
    processes,
    refused,
    requests,
    retries,
    values,
)
from tests.mutants.sdks.release import Release


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()


def releases(*modules: ModuleType) -> dict[str, type[Release]]:
    """The releases that some modules define, by name; where that begins with an underscore it is a part of others."""
    found = [(module, value) for module in modules for value in vars(module).values() if isinstance(value, type)]
    own = [value for module, value in found if issubclass(value, Release) and value.__module__ == module.__name__]
    return {_kebab(value.__name__): value for value in own if not value.__name__.startswith("_")}


FAULTS = releases(requests, domains, values, iteration, errors, retries, attempts, clients, processes)
"""Releases that break a requirement, by name."""
REFUSED = releases(refused)
"""Releases that cannot be judged."""
RELEASES: dict[str, type[Release]] = {"": Release, **FAULTS, **REFUSED}
"""The faithful one too."""
