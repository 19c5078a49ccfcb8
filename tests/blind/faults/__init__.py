"""Faults, by kind."""
