"""Scenarios of SDKs alone."""
