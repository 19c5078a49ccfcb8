"""What is declared as not expressible is what the installed releases cannot express: no more, and no less."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sdks.cache import Installed, installed
from sdks.request import parse
from sdks.table import SDKS
from tests.sdks.having import requires
from tests.sdks.surfaces import readers
from tests.sdks.surfaces.surface import Surface, everything, expressible


@pytest.mark.parametrize("read", [readers.python, readers.node, readers.go])
def test_what_is_declared_as_unsupported_is_what_the_release_lacks(read: Callable[[Installed], Surface]) -> None:
    name = read.__name__
    requires(name)
    surface = read(installed(parse(name), print))
    assert surface.expresses <= everything()
    assert surface.expresses == expressible(SDKS[name].unsupported)
