"""Imported by the server that trials are forked from: collects the suite once, so that they need not import it."""

import contextlib
import io

import pytest

from tests.mutants.trial import QUIET, ROOT

with contextlib.redirect_stdout(io.StringIO()):
    pytest.main([str(ROOT / "conformance"), "--collect-only", *QUIET])
