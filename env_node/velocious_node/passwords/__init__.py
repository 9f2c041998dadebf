"""Digests of passwords on a server."""
