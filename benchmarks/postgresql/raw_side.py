"""asyncpg, as somebody would write it who wants it fast."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import asyncpg

from benchmarks.postgresql.work import (
    CLEAR,
    COLUMNS,
    CONNECTIONS,
    CREATES,
    FINDS,
    FINDS_EACH,
    TABLE,
    TASKS,
    rows,
    url_of,
)

INSERT = (
    f"INSERT INTO tasks ({', '.join(COLUMNS)}, created_at, updated_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"
)
SELECT = "SELECT id, project_id, name, notes, done, position, created_at, updated_at FROM tasks"
FIND = SELECT + " WHERE id = $1"


class RawSide:
    name = "asyncpg"

    async def open(self, database: str) -> None:
        self.pool = await asyncpg.create_pool(
            url_of(database), min_size=1, max_size=CONNECTIONS, server_settings={"jit": "off"}
        )
        await self.pool.execute(TABLE)

    async def close(self) -> None:
        await self.pool.close()

    async def clear(self) -> None:
        await self.pool.execute(CLEAR)

    async def insert_multiple(self) -> int:
        now = datetime.now(UTC)
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.copy_records_to_table(
                "tasks",
                records=[(*row, now, now) for row in ROWS],
                columns=[*COLUMNS, "created_at", "updated_at"],
            )
        return len(ROWS)

    async def hydrate(self) -> int:
        total = 0
        for row in await self.pool.fetch(SELECT):
            row["project_id"], row["name"]
            total += row["position"]
        return total

    async def find(self) -> int:
        total = 0
        async with self.pool.acquire() as connection:
            for key in range(1, FINDS + 1):
                row = await connection.fetchrow(FIND, key)
                total += row["position"]
        return total

    async def many_finds(self) -> int:
        async def finds(task: int) -> int:
            total = 0
            for number in range(FINDS_EACH):
                row = await self.pool.fetchrow(FIND, task * FINDS_EACH + number + 1)
                total += row["position"]
            return total

        return sum(await asyncio.gather(*map(finds, range(TASKS))))

    async def create(self) -> int:
        last = 0
        async with self.pool.acquire() as connection, connection.transaction():
            for i in range(CREATES):
                now = datetime.now(UTC)
                last = await connection.fetchval(
                    f"{INSERT} RETURNING id", 1, f"task {i}", "notes", False, i, now, now
                )
        return last

    async def count(self) -> int:
        return await self.pool.fetchval("SELECT count(*) FROM tasks")


ROWS = rows()
