"""Tests of the way to the target."""
