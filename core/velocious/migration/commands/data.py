"""Changing the rows of large tables, a batch at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import MigrationError
from velocious.migration.batches import Batches
from velocious.migration.commands.base import Commands, command
from velocious.migration.marks import NO_MARK
from velocious.sql.definitions import Expression

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from velocious.migration.marks import Mark

_SIZE = 1000


class DataCommands(Commands):
    """The commands about rows.

    Attributes:
        mark: where a migration without a transaction notes how far it is.
    """

    mark: Mark = NO_MARK
    _batches: Batches | None = None
    _loops: int = 0

    def in_batches(
        self,
        table: str,
        *,
        size: int = _SIZE,
        columns: Sequence[str] = (),
        where: str | None = None,
        label: str | None = None,
    ) -> Batches:
        """The rows of *table*, *size* at a time, in the order of its key::

            async for batch in self.in_batches("tasks", columns=["name"]):
                for row in batch.rows:
                    ...
                await batch.update({"slug": sql("lower(name)")})

        *where* is an SQL condition. With ``disable_transaction = True`` each batch is a transaction
        of its own. While a migration is undone there are no batches.
        """
        if size < 1:
            raise MigrationError(f"A batch cannot have {size!r} rows. Give a number from 1 on.")
        label = label or f"Going through {table}"
        # Two loops over a table are two: each has a position of its own.
        self._loops += 1
        name = f"{self._loops} {label}"
        self._batches = Batches(self, table, size, tuple(columns), where, label, name)
        return self._batches

    @command
    async def backfill(
        self,
        table: str,
        values: Mapping[str, Any],
        *,
        where: str | None = None,
        size: int = _SIZE,
    ) -> None:
        """Give columns their *values* where they are NULL (or *where* says), batch by batch.

        A value is one of the column's kind, or ``sql("lower(name)")``. What has its values is left
        alone, so that an interrupted backfill goes on where it was.
        """
        if not values:
            raise MigrationError(
                f'Nothing to fill in: give columns and values, backfill({table!r}, {{"…": …}}).'
            )
        for name in values:
            await self._find.column(table, name)
        missing = " OR ".join(f"{self._compiler.quote(name)} IS NULL" for name in values)
        label = f"Filling {', '.join(values)} of {table}"
        condition = missing if where is None else where
        async for batch in self.in_batches(table, size=size, where=condition, label=label):
            await batch.update(values)

    async def encoded(self, table: str, name: str, value: Any) -> tuple[str | None, Any]:
        """*value* for the column: SQL and nothing, or no SQL and what the driver takes."""
        column = await self._find.column(table, name)
        if isinstance(value, Expression):
            return f"({value.text})", None
        return None, self.database.dialect.column_type(column.kind).encode(value)

    async def finish_batches(self, error: BaseException | None) -> None:
        """End the transaction of a batch that was left early."""
        batches, self._batches = self._batches, None
        if batches is not None:
            await batches.leave(error)
