"""The SDK for the JVM: its driver, its lock file, its build."""
