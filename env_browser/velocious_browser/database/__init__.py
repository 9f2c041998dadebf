"""Databases of the browser environment."""
