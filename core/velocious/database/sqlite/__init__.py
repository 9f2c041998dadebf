"""The SQLite engine that both environments share. Law: ``sqlite3`` is imported below this folder only."""
