"""Sockets of a browser: what the engine of realtime needs of a worker."""
