"""The rows through SQLAlchemy's asyncio extension, for the frameworks that are used with it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Task(Base):
    __tablename__ = "tasks"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    done: Mapped[bool]
    position: Mapped[int]


def session_maker(database: str) -> Any:
    """What makes sessions of *database*."""
    return async_sessionmaker(create_async_engine(f"sqlite+aiosqlite:///{database}"))


async def rows(sessions: Any) -> list[dict[str, Any]]:
    """Twenty tasks as dictionaries."""
    async with sessions() as session:
        found = await session.scalars(select(Task).order_by(Task.id).limit(20))
        return [
            {"id": task.id, "name": task.name, "done": task.done, "position": task.position}
            for task in found
        ]
