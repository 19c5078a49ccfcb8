"""Lookups that find an organization by something else than its external_id."""

from __future__ import annotations

from tests.mutants.parts.lookups import looking_up, where
from tests.mutants.planting import plant

# fmt: off
plant("lookup-ignores-case", "lookup.exact", "A lookup does not mind the case.",
      looking_up(where("external_id = ? COLLATE NOCASE")))
plant("lookup-by-beginning", "lookup.exact", "A lookup finds by how an external_id begins.",
      looking_up(where("external_id LIKE ? || '%' AND length(?1) > 3")))
plant("lookup-by-end", "lookup.exact", "A lookup finds by how an external_id ends.",
      looking_up(where("external_id LIKE '%' || ? AND length(?1) > 3")))
plant("lookup-takes-wildcards", "lookup.exact", "A lookup reads % as a wildcard.",
      looking_up(where("external_id LIKE ?")))
plant("lookup-takes-underscores", "lookup.exact", "A lookup reads _ as any character.",
      looking_up(where("external_id LIKE ?", lambda value: value.replace("%", "x"))))
plant("lookup-by-id", "lookup.exact", "A lookup finds by id.", looking_up(where("id = ?")))
plant("lookup-by-name", "lookup.exact", "A lookup finds by name.", looking_up(where("name = ?")))
plant("lookup-trims", "lookup.exact", "A lookup drops spaces at both ends.",
      looking_up(where("external_id = ?", str.strip)))
plant("lookup-trims-the-end", "lookup.exact", "A lookup drops spaces at the end.",
      looking_up(where("external_id = ?", str.rstrip)))
plant("lookup-cuts", "lookup.exact", "A lookup drops the last character of what it does not find.",
      looking_up(where("external_id = ?", lambda value: value[:-1])))
plant("lookup-of-longer", "lookup.exact", "A lookup finds what the external_id begins with.",
      looking_up(where("?1 LIKE external_id || '%' AND length(external_id) > 3")))
plant("lookup-compares-numbers", "lookup.exact", "A lookup compares numbers: 007 finds 7, and 1e1 finds 10.",
      looking_up(where("external_id GLOB '[0-9]*' AND ?1 GLOB '[0-9]*' AND external_id + 0 = ?1 + 0")))
plant("lookup-by-domain", "lookup.exact", "A lookup finds by domain.",
      looking_up(where("id IN (SELECT organization_id FROM organization_domain WHERE domain = ?)")))
plant("lookup-by-stripe-customer-id", "lookup.exact", "A lookup finds by stripe_customer_id.",
      looking_up(where("stripe_customer_id = ?")))
plant("lookup-ignores-dashes", "lookup.exact", "A lookup does not mind dashes.",
      looking_up(where("replace(external_id, '-', '') = ?", lambda value: value.replace("-", ""))))
plant("lookup-by-row-number", "lookup.exact", "A lookup of a small number finds the organization of that row.",
      looking_up(where("(SELECT count(*) || '' FROM organization AS one WHERE one.rowid <= organization.rowid) = ?")))
plant("lookup-drops-line-break", "lookup.exact", "A lookup drops a line break at the end.",
      looking_up(where("external_id = ?", lambda value: value.removesuffix("\n"))))
# fmt: on
