"""Tests of the suite as others install it."""
