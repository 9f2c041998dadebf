"""Where a server's migrations are."""
