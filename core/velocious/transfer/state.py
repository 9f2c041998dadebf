"""How far a copy is, kept in the target itself.

Law: the state of a table changes in the transaction that stores its rows, so that after a crash the
two never disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from velocious.sql.definition_compiler import DefinitionCompiler
from velocious.sql.definitions import ColumnDefinition, TableDefinition

if TYPE_CHECKING:
    from velocious.database.database import Database

#: The table; it is gone when a copy is complete.
STATE = "velocious_copy"
#: Foreign keys that are taken away for the time of a copy; see ``targets/postgresql.py``.
KEYS = "velocious_copy_keys"

_DEFINITION = TableDefinition(
    STATE,
    (
        ColumnDefinition("name", "string", null=False, primary_key=True),
        ColumnDefinition("source", "text", null=False),
        ColumnDefinition("last_key", "text"),
        ColumnDefinition("copied", "bigint", null=False),
        ColumnDefinition("checksum", "string", null=False),
        ColumnDefinition("finished", "integer", null=False),
    ),
    if_not_exists=True,
)


@dataclass(slots=True)
class TableState:
    """How far one table is.

    Attributes:
        last_key: the key of the last row that was copied, as ``keys.py`` writes it.
        copied: how many rows were copied.
        checksum: of those rows, as they were read.
    """

    name: str
    last_key: str | None = None
    copied: int = 0
    checksum: int = 0
    finished: bool = False


class CopyState:
    """The state table of a target."""

    def __init__(self, target: Database, source: str) -> None:
        self._target = target
        self._source = source
        self._table = target.dialect.quote(STATE)
        self._compiler = DefinitionCompiler(target.dialect)

    async def exists(self) -> bool:
        """Whether a copy was begun that is not complete."""
        return STATE in await self._target.table_names()

    async def source(self) -> str | None:
        """The source of that copy; None where it did not come as far as a table."""
        rows = await self._target.fetch(f"SELECT source FROM {self._table} LIMIT 1")
        return rows[0][0] if rows else None

    async def prepare(self) -> None:
        """Make the table."""
        await self._target.execute(self._compiler.create_table(_DEFINITION))
        self._target.forget_schema()

    async def remove(self) -> None:
        """Drop the table, with what it says."""
        await self._target.execute(self._compiler.drop_table(STATE, if_exists=True))
        self._target.forget_schema()

    async def read(self) -> dict[str, TableState]:
        """What is known of each table."""
        rows = await self._target.fetch(
            f"SELECT name, last_key, copied, checksum, finished FROM {self._table}"
        )
        return {
            name: TableState(name, key, copied, int(checksum), bool(finished))
            for name, key, copied, checksum, finished in rows
        }

    async def begin(self, state: TableState) -> None:
        """Note that a table has been begun."""
        await self._run(
            "INSERT INTO {table} (copied, checksum, finished, last_key, name, source) "
            "VALUES ({0}, {1}, {2}, {3}, {4}, {5})",
            (*_values(state), self._source),
        )

    async def keep(self, state: TableState) -> None:
        """Note how far it is; in the transaction that stores the rows."""
        await self._run(
            "UPDATE {table} SET copied = {0}, checksum = {1}, finished = {2}, last_key = {3} "
            "WHERE name = {4}",
            _values(state),
        )

    async def _run(self, sql: str, values: tuple[object, ...]) -> None:
        placeholder = self._target.dialect.placeholder
        marks = [placeholder(place) for place in range(1, len(values) + 1)]
        await self._target.execute(sql.format(*marks, table=self._table), values)


def _values(state: TableState) -> tuple[object, ...]:
    return state.copied, str(state.checksum), int(state.finished), state.last_key, state.name
