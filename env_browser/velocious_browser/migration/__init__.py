"""Where a browser's migrations are."""
