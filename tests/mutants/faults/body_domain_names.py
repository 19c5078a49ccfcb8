"""Domains whose names are changed on their way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.mutants.parts.bodies import taken_in
from tests.mutants.planting import plant


def each_domain(change: Callable[[str], str]) -> Callable[[list[Any]], list[Any]]:
    """Changes the name of each item of domain_data."""
    return lambda items: [{**item, "domain": change(item["domain"])} for item in items]


# fmt: off
plant("punycode-loses-its-prefix", "body.domain-names-verbatim", "The prefix of punycode is lost.",
      taken_in("domain_data", each_domain(lambda domain: domain.removeprefix("xn--"))))
plant("domain-loses-www", "body.domain-names-verbatim", "A leading www is cut off.",
      taken_in("domain_data", each_domain(lambda domain: domain.removeprefix("www."))))
plant("domain-loses-leading-zeros", "body.domain-names-verbatim", "A label of digits loses its zeros.",
      taken_in("domain_data", each_domain(lambda domain: re.sub(r"^0+(?=\d)", "", domain))))
plant("domain-dashes-collapsed", "body.domain-names-verbatim", "Several dashes become one.",
      taken_in("domain_data", each_domain(lambda domain: re.sub("--+", "-", domain))))
plant("domain-label-cut-at-60", "body.domain-names-verbatim", "A label is cut at 60 characters.",
      taken_in("domain_data", each_domain(lambda domain: ".".join(label[:60] for label in domain.split(".")))))
# fmt: on
