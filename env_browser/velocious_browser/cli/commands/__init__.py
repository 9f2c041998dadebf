"""Commands that only a browser has, one per file."""
