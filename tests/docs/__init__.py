"""Tests of what is shown to people who do not run anything."""
