"""What a call sent, against its arguments."""
