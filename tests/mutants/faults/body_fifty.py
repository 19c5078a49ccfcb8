"""Bodies up to the bounds of the OpenAPI document, and too large for this server."""

from __future__ import annotations

from emulator.validation import invalid_body
from tests.mutants.parts.bodies import checking
from tests.mutants.planting import plant


def refuse_16_kb(content: bytes) -> None:
    """Refuses what has more than 16,384 bytes."""
    if len(content) > 16_384:
        raise invalid_body("too_large", "the body must have at most 16384 bytes")


# fmt: off
plant("body-of-16-kb-refused", "body.fifty-full-pairs", "A body of more than 16,384 bytes is refused.",
      checking(refuse_16_kb))
plant("body-of-16-kb-refused-on-update", "body.fifty-full-pairs", "An update of more than 16,384 bytes is refused.",
      checking(refuse_16_kb, ("update",)), operation="update")
# fmt: on
