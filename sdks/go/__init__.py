"""The Go SDK: its driver, its lock file, its build."""
