"""Relationships between models, one kind per file."""
