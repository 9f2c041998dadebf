"""The `velocious` command of a shell."""
