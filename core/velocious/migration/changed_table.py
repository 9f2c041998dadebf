"""What ``async with self.change_table("tasks") as t`` gives: changes of a table, in their order.

Law: describing changes nothing; the migration makes the changes when the block ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from velocious.migration.table import Table
from velocious.sql.definitions import MISSING

if TYPE_CHECKING:
    from velocious.migration.column_options import ColumnOptions
    from velocious.migration.table import IndexColumns
    from velocious.sql.definitions import CheckDefinition, ColumnDefinition, IndexDefinition

type Operation = tuple[str, tuple[Any, ...], dict[str, Any]]


class ChangedTable(Table):
    """A table that exists; new columns are added to it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        #: Methods of the migration, with their arguments.
        self.operations: list[Operation] = []

    def remove(
        self, *names: str, kind: str | None = None, **options: Unpack[ColumnOptions]
    ) -> None:
        """Remove columns, with their values; with a *kind* they can be brought back."""
        for name in names:
            self._then("remove_column", name, kind, **options)

    def rename(self, name: str, new_name: str) -> None:
        """Give a column another name."""
        self._then("rename_column", name, new_name)

    def change(self, name: str, kind: str, **options: Unpack[ColumnOptions]) -> None:
        """Give a column another type."""
        self._then("change_column", name, kind, **options)

    def change_null(self, name: str, null: bool, default: object = None) -> None:
        """Allow or forbid NULL."""
        self._then("change_column_null", name, null, default)

    def change_default(self, name: str, default: object, *, was: object = MISSING) -> None:
        """Give a column another default, or none (None); *was* is the one it has now."""
        before = {} if was is MISSING else {"was": was}
        self._then("change_column_default", name, default, **before)

    def remove_index(self, columns: IndexColumns | None = None, *, name: str | None = None) -> None:
        """Remove the index of *columns*, or the one called *name*."""
        self._then("remove_index", columns, name=name)

    def remove_references(self, name: str, *, polymorphic: bool = False) -> None:
        """Remove what ``references`` added."""
        self._then("remove_reference", name, polymorphic=polymorphic)

    # What a table that is made describes is added to this one.

    def check(self, condition: str, *, name: str | None = None) -> None:
        self._then("add_check_constraint", condition, name=name)

    def _add(self, column: ColumnDefinition) -> None:
        super()._add(column)
        self._then("add_defined_column", column)

    def _add_index(self, index: IndexDefinition) -> None:
        self.operations.append(("add_defined_index", (index,), {}))

    def _add_check(self, check: CheckDefinition) -> None:
        self._then("add_defined_check", check)

    def _then(self, method: str, *values: Any, **options: Any) -> None:
        self.operations.append((method, (self.name, *values), options))
