"""The Java SDK: its driver, its lock file, its build."""
