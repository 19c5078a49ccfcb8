"""Tests of the judges of fidelity, over bytes made by hand."""
