"""Sockets of a server: what the engine of realtime needs of a process."""
