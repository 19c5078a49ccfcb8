"""Whether what a check expects is what the writes of a script ask for: a scenario may have gone by a wrong read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.harness.api.organization import DOMAIN_OPTIONAL, DOMAIN_REQUIRED, OPTIONAL, REQUIRED
from conformance.harness.judges.checks import Check, Kind, compact
from conformance.harness.wire.exchange import Exchange
from conformance.harness.wire.mention import body_of

SET_BY = {
    "name": {"name"},
    "external_id": {"external_id"},
    "stripe_customer_id": {"stripe_customer_id"},
    "domain": {"domain_data", "domains"},
}
"""By what is shown, the fields of a body that set it as a whole."""


DOCUMENTED = {"object", "code", "message", "domains", *REQUIRED, *OPTIONAL, *DOMAIN_REQUIRED, *DOMAIN_OPTIONAL}
"""Names of fields; what else has a name in an organization is a key of its metadata."""


def is_against(check: Check, writes: Sequence[Exchange]) -> bool:
    """Whether the last of the writes that sets what a check is about asks for something else, or none sets it."""
    quoted, _, expected = check.texts[0].partition(":")
    field = quoted.strip('"')
    bodies = list(map(body_of, writes))
    if any(field in _metadata(body) for body in bodies):
        return False
    if check.kind is Kind.HAS and expected and field not in DOCUMENTED:
        return bool(bodies)
    fields = SET_BY.get(field, set())
    setting = [body for body in bodies if fields & body.keys()]
    if check.kind not in (Kind.HAS, Kind.LACKS) or not setting:
        return False
    asked = {name: value for name, value in setting[-1].items() if name in fields}
    forms = [compact(json.dumps(asked, ensure_ascii=ascii_only)) for ascii_only in (False, True)]
    values = [text.partition(":")[2] for text in check.texts]
    return any(_is_in(value, form) for value in values for form in forms) is (check.kind is Kind.LACKS)


def _is_in(value: str, form: str) -> bool:
    """Whether a value stands in JSON as a whole, and not as a part of another one."""
    return bool(re.search(rf"[:,\[]{re.escape(value)}[,\]}}]", form))


def _metadata(body: Mapping[str, Any]) -> Mapping[str, Any]:
    given = body.get("metadata")
    return given if isinstance(given, dict) else {}
