"""The Ruby SDK: its driver, its build."""
