"""Commands that need a shell, a disk or a socket."""
