"""Judges traffic that somebody else recorded, without sending a request."""
