"""What SDKs declare in public, read from the installed releases."""
