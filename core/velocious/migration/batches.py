"""The rows of a table, some at a time, by its key.

Law: outside of a migration's transaction each batch is one of its own, which ends when the next one
is asked for; what was reached is noted in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from velocious.errors import MigrationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.database.transaction import Transaction
    from velocious.migration.commands.data import DataCommands
    from velocious.progress import Step


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a table.

    Attributes:
        keys: their keys, in order, as the driver gives them.
        rows: their key and the columns that were asked for, by name.
    """

    keys: list[Any]
    rows: list[dict[str, Any]]
    _batches: Batches

    async def update(self, values: Mapping[str, Any]) -> int:
        """Give these rows *values* (a value may be ``sql("…")``); how many there were."""
        return await self._batches.update(self.keys, values)

    async def delete(self) -> int:
        """Delete these rows; how many there were."""
        return await self._batches.delete(self.keys)


class Batches:
    """Goes through a table; see :meth:`DataCommands.in_batches`."""

    def __init__(
        self,
        migration: DataCommands,
        table: str,
        size: int,
        columns: tuple[str, ...],
        where: str | None,
        label: str,
        name: str,
    ) -> None:
        self._migration = migration
        self._database = migration.database
        self._table = table
        self._size = size
        self._columns = columns
        self._where = where
        self._label = label
        self._name = name
        self._key = ""
        self._after: Any = None
        self._step: Step | None = None
        self._transaction: Transaction | None = None
        self._seen = 0
        self._left = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Batch:
        if self._migration.recorder is not None or self._left:
            raise StopAsyncIteration
        if self._step is None:
            await self._begin()
        else:
            await self._end_batch(None)
        if self._database.current_transaction() is None:
            self._transaction = self._database.transaction()
            await self._transaction.__aenter__()
        rows = await self._next_rows()
        if not rows:
            await self.leave(None)
            raise StopAsyncIteration
        self._after = rows[-1][0]
        self._seen = len(rows)
        await self._migration.mark.reached(self._name, self._after)
        names = (self._key, *self._columns)
        described = [dict(zip(names, row, strict=True)) for row in rows]
        return Batch([row[0] for row in rows], described, self)

    async def leave(self, error: BaseException | None) -> None:
        """End the batch that is open: with *error* nothing of it is kept."""
        if self._step is not None and not self._left:
            self._left = True
            await self._end_batch(error)
            self._step.__exit__()

    # The rows

    async def update(self, keys: list[Any], values: Mapping[str, Any]) -> int:
        sets: list[str] = []
        params: list[Any] = []
        for name, value in values.items():
            text, encoded = await self._migration.encoded(self._table, name, value)
            if text is None:
                params.append(encoded)
                text = self._database.dialect.placeholder(len(params))
            sets.append(f"{self._quote(name)} = {text}")
        sql = f"UPDATE {self._quote(self._table)} SET {', '.join(sets)}"
        return await self._run(sql, params, keys)

    async def delete(self, keys: list[Any]) -> int:
        return await self._run(f"DELETE FROM {self._quote(self._table)}", [], keys)

    async def _run(self, sql: str, params: list[Any], keys: list[Any]) -> int:
        key, mark = self._quote(self._key), self._database.dialect.placeholder
        # The first and the last are not enough: other rows may lie between them.
        places = ", ".join(mark(len(params) + place) for place in range(1, len(keys) + 1))
        statement = f"{sql} WHERE {key} IN ({places})"
        result = await self._database.execute(statement, [*params, *keys], unbounded=True)
        return result.rowcount

    # Going on

    async def _begin(self) -> None:
        described = await self._database.table(self._table)
        if len(described.primary_key) != 1:
            found = ", ".join(described.primary_key) or "none"
            raise MigrationError(
                f"{self._table!r} cannot be gone through in batches, because its key is not "
                f"one column ({found}). Change its rows with self.execute."
            )
        for name in self._columns:
            if described.column(name) is None:
                raise MigrationError(f"The table {self._table!r} has no column {name!r}.")
        self._key = described.primary_key[0]
        self._after = await self._migration.mark.position(self._name)
        condition, params = self._conditions()
        source = f"{self._quote(self._table)}{condition}"
        rows = await self._database.fetch(f"SELECT count(*) FROM {source}", params)
        self._step = self._migration.progress.step(self._label, rows[0][0])
        self._step.__enter__()

    async def _next_rows(self) -> list[tuple[Any, ...]]:
        condition, params = self._conditions()
        names = ", ".join(map(self._quote, (self._key, *self._columns)))
        return await self._database.fetch(
            f"SELECT {names} FROM {self._quote(self._table)}{condition} "
            f"ORDER BY {self._quote(self._key)} LIMIT {self._size}",
            params,
        )

    def _conditions(self) -> tuple[str, tuple[Any, ...]]:
        parts = [] if self._where is None else [f"({self._where})"]
        params: tuple[Any, ...] = ()
        if self._after is not None:
            parts.append(f"{self._quote(self._key)} > {self._database.dialect.placeholder(1)}")
            params = (self._after,)
        return f" WHERE {' AND '.join(parts)}" if parts else "", params

    async def _end_batch(self, error: BaseException | None) -> None:
        transaction, self._transaction = self._transaction, None
        if transaction is not None:
            kind = None if error is None else type(error)
            await transaction.__aexit__(kind, error, None)
        if error is None and self._step is not None and self._seen:
            self._step.advance(self._seen)
        self._seen = 0

    def _quote(self, name: str) -> str:
        return self._database.dialect.quote(name)
