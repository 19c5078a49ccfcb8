"""Ways on which the key would leave the process without passing the redaction."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from conformance.harness.plugin.session import refuse

TELLS_HEADERS = "httpcore"
"""The library that logs the headers of every response, in which a target may echo the key."""


def close(config: pytest.Config) -> None:
    """Silences what logs raw responses, and refuses --debug: its file holds arguments, fixtures and whole reports.

    Raises pytest.UsageError. The file that pytest has begun is removed.
    """
    logging.getLogger(TELLS_HEADERS).setLevel(logging.WARNING)
    if config.option.debug:
        Path(config.option.debug).unlink(missing_ok=True)
        refuse(config, "--debug: pytest would write the key into a file; what it had written was removed")
