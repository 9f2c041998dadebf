"""PostgreSQL as a target.

Foreign keys that no order of rows satisfies are dropped, and made again behind the rows, which then
checks all of them at once. Their definitions are kept in a table meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from velocious.transfer.state import KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.database import Database
    from velocious.transfer.plan import TablePlan

_MAKE = f"CREATE TABLE {KEYS} (owner TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL)"
_FOREIGN_KEYS = """
    SELECT k.conname::text, pg_get_constraintdef(k.oid) FROM pg_constraint k
    JOIN pg_class target ON target.oid = k.confrelid
    WHERE k.conrelid = to_regclass($1) AND k.contype = 'f' AND k.conparentid = 0
      AND target.relname = ANY($2::text[])
    ORDER BY k.conname
"""
_TRIGGERS = """
    SELECT tgname::text FROM pg_trigger
    WHERE tgrelid = to_regclass($1) AND NOT tgisinternal AND tgenabled = 'O' ORDER BY tgname
"""


class PostgresqlTarget:
    checks_references: ClassVar[bool] = True

    def __init__(self, database: Database) -> None:
        self._database = database
        self._quote = database.dialect.quote
        self._triggers: dict[str, list[str]] = {}

    async def suspend(self, plans: Sequence[TablePlan]) -> None:
        wanted = [plan for plan in plans if plan.unordered]
        if not wanted:
            return
        async with self._database.transaction():
            if KEYS not in await self._database.table_names():
                await self._database.execute(_MAKE)
            for plan in wanted:
                await self._drop_keys(plan)
        self._database.forget_schema()

    async def _drop_keys(self, plan: TablePlan) -> None:
        owner = self._quote(plan.name)
        others = [key.to_table for key in plan.unordered]
        for name, definition in await self._database.fetch(_FOREIGN_KEYS, (owner, others)):
            await self._database.execute(
                f"INSERT INTO {KEYS} (owner, name, definition) VALUES ($1, $2, $3)",
                (plan.name, name, definition),
            )
            await self._database.execute(f"ALTER TABLE {owner} DROP CONSTRAINT {self._quote(name)}")

    async def restore(self) -> None:
        if KEYS not in await self._database.table_names():
            return
        async with self._database.transaction():
            rows = await self._database.fetch(f"SELECT owner, name, definition FROM {KEYS}")
            for owner, name, definition in rows:
                await self._database.execute(
                    f"ALTER TABLE {self._quote(owner)} "
                    f"ADD CONSTRAINT {self._quote(name)} {definition}",
                    unbounded=True,
                )
            await self._database.execute(f"DROP TABLE {KEYS}")
        self._database.forget_schema()

    async def before_rows(self, table: str) -> None:
        owner = self._quote(table)
        if table not in self._triggers:
            rows = await self._database.fetch(_TRIGGERS, (owner,))
            self._triggers[table] = [self._quote(name) for (name,) in rows]
        for name in self._triggers[table]:
            await self._database.execute(f"ALTER TABLE {owner} DISABLE TRIGGER {name}")

    async def after_rows(self, table: str) -> None:
        if self._triggers[table]:
            # Nothing may be waiting for the end of the transaction when a table changes.
            await self._database.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in self._triggers[table]:
            await self._database.execute(f"ALTER TABLE {self._quote(table)} ENABLE TRIGGER {name}")

    async def empty(self, tables: Sequence[str]) -> None:
        names = ", ".join(map(self._quote, tables))
        await self._database.execute(f"TRUNCATE {names} RESTART IDENTITY", unbounded=True)

    async def counter(self, table: str, column: str) -> int:
        sequence = await self._sequence(table, column)
        if sequence is None:
            return 0
        rows = await self._database.fetch(f"SELECT last_value, is_called FROM {sequence}")
        return rows[0][0] if rows[0][1] else rows[0][0] - 1

    async def count_from(self, table: str, column: str, last: int) -> None:
        sequence = await self._sequence(table, column)
        if sequence is not None:
            await self._database.fetch("SELECT setval($1::text::regclass, $2)", (sequence, last))

    async def _sequence(self, table: str, column: str) -> str | None:
        sql = "SELECT pg_get_serial_sequence($1, $2)"
        return (await self._database.fetch(sql, (self._quote(table), column)))[0][0]
