"""Allure's results and report, made by real runs."""
