"""What a test must say in each database's own words, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.sql.dialects.base import Dialect


def trigger(dialect: Dialect, name: str, event: str, table: str, statement: str) -> list[str]:
    """The statements that make the database run *statement* for each row of *event* (``AFTER
    DELETE``), which ``old`` or ``new`` is.
    """
    body = f"BEGIN {statement}; END"
    if dialect.name == "sqlite":
        return [f"CREATE TRIGGER {name} {event} ON {table} {body}"]
    if dialect.name == "postgresql":
        returned = body.replace("END", "RETURN new; END")
        return [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${returned}$$",
            f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return [f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW {body}"]


def drop_trigger(dialect: Dialect, name: str, table: str) -> str:
    """The statement that removes a trigger of *table*."""
    return f"DROP TRIGGER {name}" + (f" ON {table}" if dialect.name == "postgresql" else "")


def failure(dialect: Dialect, message: str) -> str:
    """The statement with which a trigger refuses its row, with *message*."""
    return {
        "sqlite": f"SELECT RAISE(ABORT, '{message}')",
        "postgresql": f"RAISE EXCEPTION '{message}'",
        "mysql": f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{message}'",
    }[dialect.name]


def cascades_trigger(dialect: Dialect) -> bool:
    """Whether rows that a foreign key deletes run triggers."""
    return dialect.name != "mysql"


def views_follow(dialect: Dialect) -> bool:
    """Whether a view still reads a column that has been renamed."""
    return dialect.name != "mysql"


def continue_keys(dialect: Dialect, table: str, last: int) -> list[str]:
    """What makes the keys that the database gives go on behind *last*: for rows with keys of their
    own, PostgreSQL does not look.
    """
    if dialect.name != "postgresql":
        return []
    return [f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"]
