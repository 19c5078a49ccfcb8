"""Bodies up to the bounds of the OpenAPI document, and too large for this server."""

from __future__ import annotations

from tests.mutants.parts.bodies import checking, refuse_larger_than
from tests.mutants.planting import plant

# fmt: off
plant("body-of-16-kb-refused", "body.fifty-full-pairs", "A body of more than 16,384 bytes is refused.",
      checking(refuse_larger_than(16_384)))
plant("body-of-16-kb-refused-on-update", "body.fifty-full-pairs", "An update of more than 16,384 bytes is refused.",
      checking(refuse_larger_than(16_384), ("update",)), operation="update")
# fmt: on
