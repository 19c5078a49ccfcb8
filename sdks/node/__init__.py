"""The Node SDK: its driver, its lock file, its build."""
