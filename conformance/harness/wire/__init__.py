"""The way to the target, and what went over it."""
