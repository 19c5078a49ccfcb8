"""From what failed to what a person reads."""
