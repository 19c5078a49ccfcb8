"""What a script sends before the request that decides, and what it sends beside it."""
