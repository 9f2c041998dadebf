"""The port for changing tables, as far as databases differ in it.

What all of them spell alike (CREATE TABLE, CREATE INDEX, RENAME) is ``sql/definition_compiler.py``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from velocious.errors import MigrationError

if TYPE_CHECKING:
    from velocious.database.driver import Connection
    from velocious.sql.definitions import CheckDefinition, ColumnDefinition, ForeignKeyDefinition
    from velocious.sql.dialects.base import Dialect


class ColumnEditor(Protocol):
    """Changes columns inside the transaction its connection has open; rows survive.

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

    async def change_comment(self, table: str, name: str | None, comment: str | None) -> None:
        """Give a column, or (None) the table itself, another comment; None takes it away."""
        ...

    async def rename_index(self, table: str, name: str, new_name: str) -> None: ...


class ConstraintEditor(Protocol):
    """Changes what must be true of rows, in the same way."""

    async def add_foreign_key(self, table: str, key: ForeignKeyDefinition) -> None: ...

    async def remove_foreign_key(self, table: str, columns: tuple[str, ...]) -> None: ...

    async def check_names(self, table: str) -> list[str]:
        """The names of the checks of *table*, sorted."""
        ...

    async def add_check(self, table: str, check: CheckDefinition) -> None: ...

    async def remove_check(self, table: str, name: str) -> None: ...

    async def validate(self, table: str, name: str) -> None:
        """Look at the rows that a constraint was added without looking at."""
        ...


class SchemaEditor(ColumnEditor, ConstraintEditor, Protocol):
    """Changes tables."""


def schema_editor(dialect: Dialect, connection: Connection) -> SchemaEditor:
    """The editor for the database behind *connection*."""
    home = _EDITORS.get(dialect.name)
    if home is not None:
        # By name, and late: most processes never change a table, and no browser has those for the
        # databases of servers.
        module, name = home
        return getattr(import_module(module), name)(dialect, connection)
    raise MigrationError(
        f"Tables of a {dialect.name} database cannot be changed by these methods. "
        "Use self.execute(sql) in the migration."
    )


_EDITORS = {
    "sqlite": ("velocious.database.sqlite.schema_editor", "SqliteSchemaEditor"),
    "postgresql": ("velocious.database.postgresql.schema_editor", "PostgresqlSchemaEditor"),
    "mysql": ("velocious.database.mysql.schema_editor", "MysqlSchemaEditor"),
}
