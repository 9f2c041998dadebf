"""What Velocious knows of PostgreSQL without a driver: its catalogue, its errors, its ALTER TABLE.

Law: SQL text and plain values only; the connection is in the environment of servers.
"""
