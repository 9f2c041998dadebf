"""The table that knows which migrations have run.

Law: a migration's row is written in the transaction of the migration itself, so that the two never
disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from velocious.migration.currency import LEDGER
from velocious.sql.definition_compiler import DefinitionCompiler, literal
from velocious.sql.definitions import ColumnDefinition, TableDefinition

if TYPE_CHECKING:
    from datetime import datetime

    from velocious.database.database import Database
    from velocious.migration.provider import MigrationSource

_DEFINITION = TableDefinition(
    LEDGER,
    (
        ColumnDefinition("version", "string", null=False, primary_key=True),
        ColumnDefinition("name", "string"),
        ColumnDefinition("checksum", "string"),
        ColumnDefinition("applied_at", "datetime"),
    ),
    if_not_exists=True,
)


@dataclass(frozen=True, slots=True)
class Applied:
    """A migration that has run. *applied_at* is None where a structure file brought it."""

    version: str
    name: str | None
    checksum: str | None
    applied_at: datetime | None


class Ledger:
    """The migrations that have run on one database, by version."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._compiler = DefinitionCompiler(database.dialect)
        self._table = database.dialect.quote(LEDGER)
        self._moment = database.dialect.column_type("datetime")

    async def applied(self) -> dict[str, Applied]:
        """What has run; nothing, where the table is yet to be made."""
        if await (await self._database.introspect()).table(LEDGER) is None:
            return {}
        rows = await self._database.fetch(
            f"SELECT version, name, checksum, applied_at FROM {self._table} ORDER BY version"
        )
        return {row[0]: Applied(row[0], row[1], row[2], self._read(row[3])) for row in rows}

    async def prepare(self) -> None:
        """Make the table if it is missing; inside the first migration's transaction."""
        await self._database.execute(self._compiler.create_table(_DEFINITION))

    async def add(self, source: MigrationSource, now: datetime) -> None:
        """Note that *source* has run."""
        marks = ", ".join(self._database.dialect.placeholder(place) for place in range(1, 5))
        await self._database.execute(
            f"INSERT INTO {self._table} (version, name, checksum, applied_at) VALUES ({marks})",
            (source.version, source.name, source.checksum, self._moment.encode(now)),
        )

    async def remove(self, version: str) -> None:
        """Note that the migration of *version* has been undone."""
        mark = self._database.dialect.placeholder(1)
        await self._database.execute(
            f"DELETE FROM {self._table} WHERE version = {mark}", (version,)
        )

    def _read(self, value: object) -> datetime | None:
        return None if value is None else self._moment.decode(value)


def insert_statement(applied: Applied) -> str:
    """The row of a migration, for a structure file; without its moment, which differs."""
    values = ", ".join(map(literal, (applied.version, applied.name, applied.checksum)))
    return f"INSERT INTO {LEDGER} (version, name, checksum) VALUES ({values})"
