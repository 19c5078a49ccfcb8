"""The .NET SDK: its driver, its build."""
