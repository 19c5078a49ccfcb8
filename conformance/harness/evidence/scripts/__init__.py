"""Requests as shell scripts that show a fault again."""
