"""The one error that says why an SDK cannot be run."""

from __future__ import annotations


class SdkError(Exception):
    """An SDK cannot be had, built or started; the text is one line that says what to install or mend."""
