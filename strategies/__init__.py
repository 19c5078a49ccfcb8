"""Data made from the promises: valid bodies, values at their bounds, violations, page walks."""
