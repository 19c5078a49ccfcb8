"""The SDK for PHP: its driver and its build."""
