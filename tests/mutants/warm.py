"""Imported by the server that trials are forked from: collects the suite once, so that they need not import it."""

import contextlib
import gc
import io

import pytest

from tests.mutants.trial import QUIET, SUITE

with contextlib.redirect_stdout(io.StringIO()):
    pytest.main([str(SUITE), "--collect-only", *QUIET])
gc.freeze()  # Otherwise each trial looks through all of this several times: half of its time.
