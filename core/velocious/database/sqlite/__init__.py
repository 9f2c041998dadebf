"""The SQLite engine that both environments share.

Law: core imports ``sqlite3`` below this folder only.
"""
