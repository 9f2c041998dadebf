"""The commands, the same objects in a shell and in a browser's developer console."""
