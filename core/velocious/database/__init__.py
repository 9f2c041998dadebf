"""Databases: ports, transactions, schema descriptions and the SQLite engine both environments share."""
