"""What the Organizations API promises, as data, and the loaders of that data."""
