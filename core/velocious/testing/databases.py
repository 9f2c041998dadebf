"""Databases for tests: each test gets an empty one, which is gone afterwards."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

from velocious.database.driver import Capabilities
from velocious.sql.dialects.sqlite import SqliteDialect

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from contextlib import AbstractAsyncContextManager

    from velocious.sql.dialects.base import Dialect

type Settings = str | Mapping[str, Any]


class TestDatabases(Protocol):
    """Where a place's tests get their databases from.

    Attributes:
        dialect: the SQL they speak.
        capabilities: what they can do.
    """

    __test__ = False

    dialect: Dialect
    capabilities: Capabilities

    def fresh(
        self, directory: str, schema: str | None = None
    ) -> AbstractAsyncContextManager[Settings]:
        """An empty database, as a configuration names it; files of it are below *directory*.

        Where making tables is slow it may have those of *schema*, without rows, from an earlier
        test: see :meth:`has_tables`.
        """
        ...

    def has_tables(self, settings: Settings) -> bool:
        """Whether the tables of the schema that was asked for are there already."""
        ...


class SqliteFiles:
    """A file for each test."""

    dialect: Dialect = SqliteDialect()
    capabilities = Capabilities(last_insert_id=True, stores_nul=True)

    def __init__(self) -> None:
        self._made = 0

    @asynccontextmanager
    async def fresh(self, directory: str, schema: str | None = None) -> AsyncGenerator[Settings]:
        """A file below *directory*, made by who opens it."""
        self._made += 1
        number = "" if self._made == 1 else str(self._made)
        yield f"sqlite:///{directory}/test{number}.sqlite3"

    def has_tables(self, settings: Settings) -> bool:
        """No: a new file costs next to nothing."""
        return False
