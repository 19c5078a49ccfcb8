"""The Python SDK: its driver, its lock file, its build."""
