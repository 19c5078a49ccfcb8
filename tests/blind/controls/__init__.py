"""Legal peculiarities that a correct suite must not report."""
