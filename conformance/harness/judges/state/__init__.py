"""What is known of each organization, and what a response may show of it."""
