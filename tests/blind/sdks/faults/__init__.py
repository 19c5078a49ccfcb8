"""Releases that break a requirement, by what they break."""
