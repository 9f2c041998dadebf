"""What a migration outside of a transaction is doing, noted in the database itself.

Law: the table is there only while such a migration runs. Where it is found by another run, the
process that made it was killed, and nobody knows whether the statement it names was done.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from velocious.database.primary import using_primary
from velocious.sql.definition_compiler import DefinitionCompiler
from velocious.sql.definitions import ColumnDefinition, TableDefinition

if TYPE_CHECKING:
    from datetime import datetime

    from velocious.database.database import Database
    from velocious.migration.events import Direction
    from velocious.migration.provider import MigrationSource

#: The table that knows which migration is running.
MARKS = "schema_migrations_running"

_DEFINITION = TableDefinition(
    MARKS,
    (
        ColumnDefinition("version", "string", null=False, primary_key=True),
        ColumnDefinition("name", "string"),
        ColumnDefinition("direction", "string", null=False),
        ColumnDefinition("done", "integer", null=False, default=0),
        ColumnDefinition("statement", "text"),
        ColumnDefinition("positions", "text"),
        ColumnDefinition("started_at", "datetime"),
    ),
    if_not_exists=True,
)


class Mark(Protocol):
    """Where a migration notes how far it is."""

    async def reached(self, name: str, key: Any) -> None:
        """Batches called *name* are done up to *key*."""
        ...

    async def position(self, name: str) -> Any:
        """Up to which key the batches called *name* were done by a run that was interrupted."""
        ...


class NoMark:
    """For a migration in a transaction: it is done as a whole, or not at all."""

    async def reached(self, name: str, key: Any) -> None: ...

    async def position(self, name: str) -> Any:
        return None


NO_MARK = NoMark()


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A migration that somebody began and did not end.

    Attributes:
        done: how many statements it had done.
        statement: the one that it was doing; None before the first.
        positions: where its batches were, by their names.
    """

    version: str
    name: str
    direction: Direction
    done: int
    statement: str | None
    positions: dict[str, Any]


class Marks:
    """The running migrations of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._compiler = DefinitionCompiler(database.dialect)
        self._table = database.dialect.quote(MARKS)

    async def interrupted(self) -> Interrupted | None:
        """The migration that was interrupted, if there is one."""
        if await (await self._database.introspect()).table(MARKS) is None:
            return None
        with using_primary():
            rows = await self._database.fetch(
                "SELECT version, name, direction, done, statement, positions "
                f"FROM {self._table} ORDER BY version"
            )
        if not rows:
            return None
        *facts, positions = rows[0]
        return Interrupted(*facts, positions=json.loads(positions or "{}"))

    async def begin(
        self, source: MigrationSource, direction: Direction, now: datetime
    ) -> RunningMark:
        """Note that *source* begins."""
        await self._database.execute(self._compiler.create_table(_DEFINITION))
        self._database.forget_schema()
        before = await self.interrupted()
        marks = ", ".join(self._database.dialect.placeholder(place) for place in range(1, 6))
        async with self._database.transaction():
            await self._database.execute(f"DELETE FROM {self._table}")
            await self._database.execute(
                f"INSERT INTO {self._table} (version, name, direction, positions, started_at) "
                f"VALUES ({marks})",
                (
                    source.version,
                    source.name,
                    direction,
                    json.dumps(before.positions if before else {}),
                    self._database.dialect.column_type("datetime").encode(now),
                ),
            )
        return RunningMark(self._database, source.version, before.positions if before else {})

    async def clear(self) -> None:
        """Forget it: it has ended, or somebody has looked."""
        await self._database.execute(self._compiler.drop_table(MARKS, if_exists=True))
        self._database.forget_schema()


class RunningMark:
    """The note of one running migration."""

    def __init__(self, database: Database, version: str, positions: dict[str, Any]) -> None:
        self._database = database
        self._version = version
        self._positions = positions
        self._done = -1

    async def doing(self, statement: str) -> None:
        """Note that *statement* begins, and that the one before it is done."""
        self._done += 1
        await self._set({"statement": statement, "done": self._done})

    async def reached(self, name: str, key: Any) -> None:
        self._positions[name] = key if isinstance(key, (int, str)) else str(key)
        await self._set({"positions": json.dumps(self._positions)})

    async def position(self, name: str) -> Any:
        return self._positions.get(name)

    async def _set(self, values: dict[str, Any]) -> None:
        mark, quote = self._database.dialect.placeholder, self._database.dialect.quote
        sets = [f"{quote(name)} = {mark(place)}" for place, name in enumerate(values, 1)]
        await self._database.execute(
            f"UPDATE {quote(MARKS)} SET {', '.join(sets)} "
            f"WHERE {quote('version')} = {mark(len(values) + 1)}",
            (*values.values(), self._version),
        )
