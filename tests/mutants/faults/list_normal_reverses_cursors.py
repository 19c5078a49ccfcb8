"""Cursors under normal that lead as under desc."""

from __future__ import annotations

from tests.mutants.parts.listing import ordered
from tests.mutants.planting import plant

# fmt: off
plant("normal-has-the-cursors-of-desc", "list.normal-reverses-cursors", "normal has the cursors of desc.",
      ordered("normal", turned_round=False, oldest_first=False))
# fmt: on
