"""What judges existing organizations."""

import pytest

from conformance.harness.api.port import Organizations
from conformance.harness.fixtures.existing import Existing


@pytest.fixture(scope="session")
def existing(organizations: Organizations) -> Existing:
    """What others have at the target."""
    return Existing(organizations)
