"""A table that the page has named, with the SQL pieces that all questions about it share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import CommandError, suggestion
from velocious.sql import nodes as n
from velocious.sql.compiler import compile_statement
from velocious_browser.devtools.cells import from_hex, from_json, given, key_text, key_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.database import Database
    from velocious.database.driver import Result, Row
    from velocious.database.schema import Column, Table
    from velocious.sql.statements import Statement
    from velocious_browser.devtools.devtools import Devtools


class NamedTable:
    """A table of one of the application's databases.

    Attributes:
        database: where it is.
        table: its description.
    """

    def __init__(self, database: Database, table: Table) -> None:
        self.database = database
        self.table = table

    @classmethod
    async def find(cls, devtools: Devtools, database: str, table: str) -> NamedTable:
        """The *table*, described as it is now. Raises UnknownTableError."""
        chosen = devtools.configuration.database(database)
        # Another tab, or a statement that somebody typed, may have changed it.
        described = await (await chosen.introspect()).table(table)
        return cls(chosen, described or await chosen.table(table))

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def is_editable(self) -> bool:
        """Whether a row can be told from all others, and the database may be written to."""
        return bool(self.table.primary_key) and not self.database.settings.read_only

    # Names and values

    def column(self, name: str) -> Column:
        """The column called *name*. Raises CommandError with close matches."""
        found = self.table.column(name)
        if found is None:
            names = [column.name for column in self.table.columns]
            raise CommandError(
                f"The table {self.name!r} has no column {name!r}. {suggestion(name, names)}"
            )
        return found

    def operand(self, name: str) -> n.Column:
        """The column *name* in SQL. Raises CommandError for a name that is none."""
        return n.Column(self.name, self.column(name).name)

    def parameter(self, name: str) -> n.Parameter:
        """A value for the column *name*, stored as the column's type stores it."""
        column = self.column(name)
        return n.Parameter(self.database.dialect.column_type(column.kind).fitted(column))

    def value(self, name: str, cell: Any) -> Any:
        """What *cell*, typed or chosen by a person, means for the column *name*.

        Raises:
            UnsupportedValueError: the column cannot hold it.
            CommandError: it is not written as a value of the column's kind.
        """
        column = self.column(name)
        value = given(cell)
        if isinstance(value, str):
            if column.kind == "binary":
                value = from_hex(value)
            elif column.kind == "json":
                value = from_json(value)
        kind = self.database.dialect.column_type(column.kind).fitted(column)
        value = kind.cast(value)
        kind.encode(value)
        return value

    # Keys

    def key_columns(self) -> tuple[n.Column, ...]:
        """The primary key in SQL. Raises CommandError where the table cannot be edited."""
        if not self.is_editable:
            reason = (
                "its database is read-only"
                if self.database.settings.read_only
                else "it has no primary key, so that its rows cannot be told apart"
            )
            raise CommandError(
                f"The rows of {self.name!r} cannot be edited here: {reason}. "
                "Use an SQL statement instead."
            )
        return tuple(n.Column(self.name, name) for name in self.table.primary_key)

    def with_key(self, key: str) -> tuple[n.Expression, list[Any]]:
        """The condition that a row has the primary key *key*, and its values."""
        parts: list[n.Expression] = []
        values: list[Any] = []
        for column, value in zip(self.key_columns(), key_values(key), strict=True):
            if value is None:
                parts.append(n.IsNull(column))
            else:
                # Bound as it is stored: it came from the database.
                parts.append(n.Binary(column, "=", n.Parameter(None)))
                values.append(value)
        return n.All(tuple(parts)), values

    def key_of(self, row: Row) -> str | None:
        """The key of a whole *row*; None where the table has none."""
        if not self.table.primary_key:
            return None
        names = [column.name for column in self.table.columns]
        return key_text([row[names.index(name)] for name in self.table.primary_key])

    # Statements

    async def fetch(self, statement: Statement, values: Sequence[Any] = ()) -> list[Row]:
        """The rows of *statement*."""
        compiled = compile_statement(statement, self.database.dialect)
        return await self.database.fetch(compiled.sql, compiled.bind(values))

    async def execute(self, statement: Statement, values: Sequence[Any]) -> Result:
        """Run *statement*, which changes something."""
        compiled = compile_statement(statement, self.database.dialect)
        return await self.database.execute(compiled.sql, compiled.bind(values))
