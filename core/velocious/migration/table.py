"""What ``async with self.create_table("tasks") as t`` gives: a table being described.

Law: describing changes nothing; the migration makes the table when the block ends.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, Unpack

from velocious.errors import MigrationError
from velocious.migration.column_options import column_definition
from velocious.migration.index_name import check_name, enum_name, index_name
from velocious.migration.reference import reference
from velocious.sql.definition_compiler import literal
from velocious.sql.definitions import CheckDefinition, Expression, IndexDefinition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from velocious.migration.column_options import ColumnOptions
    from velocious.migration.reference import ReferenceOptions
    from velocious.sql.definitions import ColumnDefinition

type IndexColumns = str | Expression | Sequence[str | Expression]
type IndexOrder = Mapping[str, Literal["asc", "desc"]]


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
        self.checks: list[CheckDefinition] = []

    def adopt(self, other: Table) -> None:
        """Take the columns, indexes and checks of *other*."""
        self.columns, self.indexes, self.checks = other.columns, other.indexes, other.checks

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

    def jsonb(self, name: str, **options: Unpack[ColumnOptions]) -> None:
        """JSON in the database's binary form, where it has one (on PostgreSQL, so is ``json``)."""
        self.column(name, "jsonb", **options)

    def enum(self, name: str, values: Sequence[str], **options: Unpack[ColumnOptions]) -> None:
        """Text that is one of *values*, which a check of the table sees to."""
        self.column(name, "string", **options)
        self._add_check(enum_check(self.name, name, values))

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
        for index in described.indexes(self.name):
            self._add_index(index)

    # Indexes and checks

    def index(
        self,
        columns: IndexColumns,
        *,
        name: str | None = None,
        unique: bool = False,
        where: str | None = None,
        using: str | None = None,
        order: IndexOrder | None = None,
    ) -> None:
        """An index; *where* is the SQL condition of a partial one, *using* its method, *order* says
        which columns are sorted descending: ``order={"created_at": "desc"}``.
        """
        self._add_index(
            index_definition(self.name, columns, name, unique, where, using=using, order=order)
        )

    def check(self, condition: str, *, name: str | None = None) -> None:
        """SQL that must be true of every row."""
        self._add_check(check_definition(self.name, condition, name))

    def _add(self, column: ColumnDefinition) -> None:
        if any(other.name == column.name for other in self.columns):
            raise MigrationError(
                f"The table {self.name!r} has the column {column.name!r} twice. Remove one of them."
            )
        self.columns.append(column)

    def _add_index(self, index: IndexDefinition) -> None:
        self.indexes.append(index)

    def _add_check(self, check: CheckDefinition) -> None:
        self.checks.append(check)


def listed(columns: IndexColumns) -> tuple[str | Expression, ...]:
    """One column, or several, as a tuple."""
    return (columns,) if isinstance(columns, str | Expression) else tuple(columns)


def index_definition(
    table: str,
    columns: IndexColumns,
    name: str | None = None,
    unique: bool = False,
    where: str | None = None,
    *,
    using: str | None = None,
    concurrently: bool = False,
    order: IndexOrder | None = None,
) -> IndexDefinition:
    """An index of *table*, named after its columns unless it has a *name*.

    Raises:
        MigrationError: an index of an expression without a name, or an unknown order.
    """
    entries = listed(columns)
    plain = [column for column in entries if isinstance(column, str)]
    if name is None and len(plain) < len(entries):
        raise MigrationError(
            f"An index of {table!r} has an expression for a column, so it needs a name: "
            f'name="index_{table}_on_…".'
        )
    index = IndexDefinition(
        "", table, entries, unique=unique, where=where, using=using, concurrently=concurrently
    )
    descending = _descending(table, plain, order or {})
    return replace(index, name=name or index_name(table, plain), descending=descending)


def check_definition(
    table: str, condition: str, name: str | None = None, *, validate: bool = True
) -> CheckDefinition:
    """A check of *table*, with a digest for its name unless it has a *name*."""
    return CheckDefinition(name or check_name(table, condition), condition, validate)


def enum_check(table: str, column: str, values: Sequence[str]) -> CheckDefinition:
    """The check that *column* has one of *values*.

    Raises:
        MigrationError: for no values, or one that is no text.
    """
    given: list[object] = list(values)
    if isinstance(values, str) or not given or not all(isinstance(one, str) for one in given):
        raise MigrationError(
            f"The column {column!r} of {table!r} cannot be one of {values!r}. "
            'Give its values as a list of texts: ["open", "done"].'
        )
    quoted = ", ".join(literal(value) for value in given)
    return CheckDefinition(enum_name(table, column), f"IN ({quoted})", column=column)


def _descending(table: str, columns: list[str], order: IndexOrder) -> tuple[str, ...]:
    for column, direction in order.items():
        if column not in columns or direction not in ("asc", "desc"):
            raise MigrationError(
                f"The index of {table!r} cannot be ordered by {column!r}: {direction!r}. Name a "
                'column of it, and "asc" or "desc".'
            )
    return tuple(column for column in columns if order.get(column) == "desc")
