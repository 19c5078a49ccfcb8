"""What faults and controls are made of."""
