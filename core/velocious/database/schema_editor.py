"""The port for changing tables, as far as databases differ in it.

What all of them spell alike (CREATE TABLE, CREATE INDEX, RENAME) is ``sql/definition_compiler.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from velocious.errors import MigrationError

if TYPE_CHECKING:
    from velocious.database.driver import Connection
    from velocious.sql.definitions import ColumnDefinition, ForeignKeyDefinition
    from velocious.sql.dialects.base import Dialect


class SchemaEditor(Protocol):
    """Changes tables inside the transaction its connection has open; rows survive.

    The caller has made sure that the table and the columns exist.
    """

    async def add_column(self, table: str, column: ColumnDefinition) -> None: ...

    async def remove_column(self, table: str, name: str) -> None:
        """Remove the column with its values, and the indexes and foreign keys that use it."""
        ...

    async def change_type(self, table: str, column: ColumnDefinition) -> None: ...

    async def change_null(self, table: str, name: str, null: bool) -> None: ...

    async def change_default(self, table: str, name: str, default: str | None) -> None:
        """Make *default* (SQL text) the default; None takes it away."""
        ...

    async def add_foreign_key(self, table: str, key: ForeignKeyDefinition) -> None: ...

    async def remove_foreign_key(self, table: str, columns: tuple[str, ...]) -> None: ...


def schema_editor(dialect: Dialect, connection: Connection) -> SchemaEditor:
    """The editor for the database behind *connection*."""
    if dialect.name == "sqlite":
        # Imported late: most processes never change a table.
        from velocious.database.sqlite.schema_editor import SqliteSchemaEditor

        return SqliteSchemaEditor(dialect, connection)
    if dialect.name == "postgresql":
        from velocious.database.postgresql.schema_editor import PostgresqlSchemaEditor

        return PostgresqlSchemaEditor(dialect, connection)
    if dialect.name == "mysql":
        from velocious.database.mysql.schema_editor import MysqlSchemaEditor

        return MysqlSchemaEditor(dialect, connection)
    raise MigrationError(
        f"Tables of a {dialect.name} database cannot be changed yet. "
        "Use self.execute(sql) in the migration."
    )
