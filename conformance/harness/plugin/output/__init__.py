"""The verdict in the terminal and in Allure."""
