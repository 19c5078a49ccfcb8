"""The operations as scenarios call them, and what comes back."""
