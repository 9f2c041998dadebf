"""Databases of the server environment."""
