"""Talking in real time."""
