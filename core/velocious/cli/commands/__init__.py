"""One command per file; ``velocious.cli.manifest`` lists them."""
