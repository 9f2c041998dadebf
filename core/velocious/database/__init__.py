"""Databases: ports, transactions, schema descriptions, and the SQLite engine of both environments."""
