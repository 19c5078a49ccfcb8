"""Where the suite's name for a fault of the sixth set is another one than its author's."""

from __future__ import annotations

SIXTH_REPORTED: dict[str, tuple[str, ...]] = {
    "sixth-missing-external-id-is-cached": ("lookup.current-state",),
    "sixth-before-holds-its-cursor": ("list.walk-back",),
    "sixth-digits-are-a-primary-key": ("lookup.percent-encoded",),
    "sixth-nothing-to-clear": ("update.clears-external-id",),
    "sixth-reused-external-id-leads-to-deleted": ("delete.frees-external-id",),
    "sixth-cursor-with-domains-fails": ("answer.status",),
    "sixth-known-domain-keeps-state": ("update.sets-what-was-sent",),
    "sixth-length-counts-characters": ("answer.json",),
    "sixth-update-without-change-is-not-found": ("update.accepts-valid-bodies",),
    "sixth-cleared-external-id-is-kept": ("lookup.after-clearing",),
}
"""Only with requirements that the fault breaks by their sentence in the catalogue."""

SIXTH_OTHERWISE = {
    "sixth-same-body-is-same-create": "noticed under create.ids-differ, not create.same-name",
    "sixth-several-domains-are-listed-in-turn": "noticed under list.order and list.several-domains",
    "sixth-verified-elsewhere-is-verified": "not noticed: nothing that is verified elsewhere is sent as pending",
}
"""As `OTHERWISE`."""
