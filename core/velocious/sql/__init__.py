"""Immutable SQL nodes, compiled to text with bound parameters."""
