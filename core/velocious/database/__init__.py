"""Databases: ports, transactions, schema descriptions, and the shared SQLite engine."""
