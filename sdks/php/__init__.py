"""The PHP SDK: its driver, its build."""
