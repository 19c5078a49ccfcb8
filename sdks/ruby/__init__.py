"""The SDK for Ruby: its driver and its build."""
