"""Writes the files that every application begins with, and those of new models and migrations."""
