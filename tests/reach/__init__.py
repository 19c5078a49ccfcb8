"""Targets that are hard to reach: networks that hang up, gateways, other people's data, distance."""
