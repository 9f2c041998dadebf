"""SQLAlchemy's asyncio ORM over asyncpg, with its bulk insert for many rows."""

from __future__ import annotations

import asyncio

from sqlalchemy import DateTime, insert, select, text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from benchmarks.orm.sqlalchemy_side import Task, now
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

for name in ("created_at", "updated_at"):
    Task.__table__.c[name].type = DateTime(timezone=True)
assert now


class SqlalchemySide:
    name = "SQLAlchemy"

    async def open(self, database: str) -> None:
        self.engine = create_async_engine(
            url_of(database).replace("postgresql:", "postgresql+asyncpg:"),
            pool_size=CONNECTIONS,
            max_overflow=0,
        )
        self.session = async_sessionmaker(self.engine, expire_on_commit=False)
        async with self.engine.begin() as connection:
            await connection.execute(text(TABLE))

    async def close(self) -> None:
        await self.engine.dispose()

    async def clear(self) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(text(CLEAR))

    async def insert_multiple(self) -> int:
        async with self.session() as session, session.begin():
            given = [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]
            await session.execute(insert(Task), given)
        return len(ROWS)

    async def hydrate(self) -> int:
        total = 0
        async with self.session() as session:
            for task in (await session.scalars(select(Task))).all():
                task.project_id, task.name
                total += task.position
        return total

    async def find(self) -> int:
        return await self._finds(range(1, FINDS + 1))

    async def _finds(self, keys: range) -> int:
        total = 0
        async with self.session() as session:
            for key in keys:
                task = await session.get(Task, key)
                total += task.position if task else 0
        return total

    async def many_finds(self) -> int:
        starts = range(1, TASKS * FINDS_EACH + 1, FINDS_EACH)
        finds = (self._finds(range(start, start + FINDS_EACH)) for start in starts)
        return sum(await asyncio.gather(*finds))

    async def create(self) -> int:
        last = 0
        async with self.session() as session, session.begin():
            for i in range(CREATES):
                task = Task(project_id=1, name=f"task {i}", notes="notes", done=False, position=i)
                session.add(task)
                await session.flush()
                last = task.id
        return last

    async def count(self) -> int:
        async with self.engine.connect() as connection:
            return (await connection.execute(text("SELECT COUNT(*) FROM tasks"))).scalar_one()


ROWS = rows()
