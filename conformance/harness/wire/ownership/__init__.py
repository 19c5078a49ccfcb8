"""What a run has created, how it is proved, and how it is removed."""
