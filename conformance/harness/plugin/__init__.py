"""The suite as a pytest plugin: options, items, verdict, terminal, Allure."""
