"""The Rust SDK: its driver, its lock file, its build."""
