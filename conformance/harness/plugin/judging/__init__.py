"""From the reports of tests and exchanges to the verdict."""
