"""Targets in every state of disrepair, on real sockets, and what the suite makes of each."""
