"""Releases that are unusual and break nothing."""
