"""The SDK for Rust: its driver, its lock file, its build."""
