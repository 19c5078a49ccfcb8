"""Releases of the stand-in SDK planted by somebody who had never seen the gate: they measure it blindly.

`faults/` holds those that break a requirement and `peculiarities/` those that are unusual and break none.
"""

from __future__ import annotations

from tests.blind.sdks.faults import (
    attempts,
    bodies,
    errors,
    headers,
    isolation,
    iteration,
    lists,
    models,
    options,
    paths,
    queries,
    redirects,
    retries,
    values,
)
from tests.blind.sdks.peculiarities import behaviour, wire
from tests.blind.sdks.planted import Fault, Peculiarity
from tests.mutants.sdks.faults import releases
from tests.mutants.sdks.release import Release

_BY_AREA = {
    "requests": (paths, queries, bodies, headers),
    "values": (values, models, lists),
    "errors": (errors,),
    "retries": (retries, attempts),
    "redirects": (redirects,),
    "iteration": (iteration,),
    "options": (options,),
    "isolation": (isolation,),
}
AREAS = {name: area for area, modules in _BY_AREA.items() for name in releases(*modules)}
"""Of each fault, what it is in."""
FAULTS: dict[str, type[Fault]] = {
    name: value
    for modules in _BY_AREA.values()
    for name, value in releases(*modules).items()
    if issubclass(value, Fault)
}
"""Releases that break a requirement, by name."""
PECULIARITIES: dict[str, type[Peculiarity]] = {
    name: value for name, value in releases(wire, behaviour).items() if issubclass(value, Peculiarity)
}
"""Releases that are unusual and break none, by name; the docstring of each says what allows it."""
RELEASES: dict[str, type[Release]] = {**FAULTS, **PECULIARITIES}
"""All of them."""
