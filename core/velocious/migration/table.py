"""What ``async with self.create_table("tasks") as t`` gives: a table being described.

Law: describing changes nothing; the migration makes the table when the block ends.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from velocious.errors import MigrationError
from velocious.migration.column_options import column_definition
from velocious.migration.index_name import index_name
from velocious.migration.reference import reference
from velocious.sql.definitions import Expression, IndexDefinition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.migration.column_options import ColumnOptions
    from velocious.migration.reference import ReferenceOptions
    from velocious.sql.definitions import ColumnDefinition

type IndexColumns = str | Expression | Sequence[str | Expression]


class Table:
    """Columns and indexes of one table.

    ::

        t.string("name", null=False)
        t.boolean("done", null=False, default=False)
        t.references("project", foreign_key=True, on_delete="cascade")
        t.timestamps()
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.columns: list[ColumnDefinition] = []
        self.indexes: list[IndexDefinition] = []
        self.checks: list[str] = []

    # Columns

    def column(self, name: str, kind: str, **options: Unpack[ColumnOptions]) -> None:
        """A column of the type *kind*; :meth:`string` and the others are short for it."""
        self._add(column_definition(name, kind, options))
        if options.get("unique") or options.get("index"):
            self.index(name, unique=options.get("unique", False))

    def string(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """Text of up to *limit* (255) characters."""
        self.column(name, "string", **options)

    def text(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """Text of any length."""
        self.column(name, "text", **options)

    def integer(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """A whole number."""
        self.column(name, "integer", **options)

    def bigint(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """A whole number of 64 bits."""
        self.column(name, "bigint", **options)

    def float(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """A floating-point number."""
        self.column(name, "float", **options)

    def decimal(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """An exact number of *precision* digits, *scale* of them behind the point."""
        self.column(name, "decimal", **options)

    def boolean(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """True or false."""
        self.column(name, "boolean", **options)

    def date(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """A day."""
        self.column(name, "date", **options)

    def time(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """A time of day."""
        self.column(name, "time", **options)

    def datetime(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """An instant."""
        self.column(name, "datetime", **options)

    def json(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """Anything JSON can hold."""
        self.column(name, "json", **options)

    def binary(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """Bytes."""
        self.column(name, "binary", **options)

    def uuid(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """A universally unique identifier."""
        self.column(name, "uuid", **options)

    def timestamps(self) -> None:
        """``created_at`` and ``updated_at``, which records fill in."""
        self.datetime("created_at", null=False)
        self.datetime("updated_at", null=False)

    def references(self, name: str, **options: Unpack[ReferenceOptions]) -> None:
        """A column that points at a row of another table: ``project`` makes ``project_id``."""
        described = reference(name, options)
        for column in described.columns(self.name):
            self._add(column)
        self.indexes += described.indexes(self.name)

    # Indexes and checks

    def index(
        self,
        columns: IndexColumns,
        *,
        name: str | None = None,
        unique: bool = False,
        where: str | None = None,
    ) -> None:
        """An index; *where* is the SQL condition of a partial one."""
        self.indexes.append(index_definition(self.name, columns, name, unique, where))

    def check(self, condition: str) -> None:
        """SQL that must be true of every row."""
        self.checks.append(condition)

    def _add(self, column: ColumnDefinition) -> None:
        if any(other.name == column.name for other in self.columns):
            raise MigrationError(
                f"The table {self.name!r} has the column {column.name!r} twice. Remove one of them."
            )
        self.columns.append(column)


class ChangedTable(Table):
    """The table of ``async with self.change_table("tasks") as t``; new columns are added to it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.removed: list[str] = []
        self.renamed: list[tuple[str, str]] = []

    def remove(self, *names: str) -> None:
        """Remove columns, with their values."""
        self.removed += names

    def rename(self, name: str, new_name: str) -> None:
        """Give a column another name."""
        self.renamed.append((name, new_name))


def listed(columns: IndexColumns) -> tuple[str | Expression, ...]:
    """One column, or several, as a tuple."""
    return (columns,) if isinstance(columns, str | Expression) else tuple(columns)


def index_definition(
    table: str,
    columns: IndexColumns,
    name: str | None = None,
    unique: bool = False,
    where: str | None = None,
) -> IndexDefinition:
    """An index of *table*, named after its columns unless it has a *name*.

    Raises:
        MigrationError: an index of an expression without a name.
    """
    entries = listed(columns)
    plain = [column for column in entries if isinstance(column, str)]
    if name is None and len(plain) < len(entries):
        raise MigrationError(
            f"An index of {table!r} has an expression for a column, so it needs a name: "
            f'name="index_{table}_on_…".'
        )
    index = IndexDefinition("", table, entries, unique=unique, where=where)
    return replace(index, name=name or index_name(table, plain))
