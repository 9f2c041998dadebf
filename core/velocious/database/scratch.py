"""An empty copy of a database's schema, to try changes on and to see their SQL.

Law: the database itself stays as it is, and so do its rows and locks; the copy is gone afterwards.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from velocious.database.database import Database
from velocious.errors import MigrationError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Sequence

    from velocious.database.driver import Connection, Parameters, Result

_SEARCH_PATH = (
    "SELECT set_config('search_path', $1 || ', ' || current_setting('search_path'), true)"
)


class WatchedConnection:
    """A connection that keeps the text of what it is told to change."""

    def __init__(self, connection: Any, statements: list[str]) -> None:
        self.inner = connection
        self._statements = statements

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        self._statements.append(_shown(sql, params))
        # An empty copy has nobody to wait for, and its transaction does not take the word.
        return await self.inner.execute(
            sql.replace("INDEX CONCURRENTLY ", "INDEX ", 1), params, unbounded=unbounded
        )

    async def execute_many(self, sql: str, rows: Iterable[Parameters]) -> int:
        given = list(rows)
        self._statements += [_shown(sql, row) for row in given]
        return await self.inner.execute_many(sql, given)

    async def execute_script(self, sql: str) -> None:
        self._statements.append(sql)
        await self.inner.execute_script(sql)

    async def execute_unchecked(self, statements: Sequence[str]) -> None:
        """Of SQLite's connections: what a rebuild of a table runs."""
        self._statements += statements
        await self.inner.execute_unchecked(statements)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class ScratchDatabase(Database):
    """A database of its own that keeps what it was told to change.

    Attributes:
        statements: their text, in order.
    """

    __slots__ = ("statements",)

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.statements: list[str] = []

    async def execute(
        self, sql: str, params: Parameters = (), *, unbounded: bool = False
    ) -> Result:
        if self.current_transaction() is None:
            self.statements.append(_shown(sql, params))
        return await super().execute(sql, params, unbounded=unbounded)

    async def lease(self) -> Connection:
        watched: Any = WatchedConnection(await super().lease(), self.statements)
        return watched

    async def release(self, connection: Connection) -> None:
        inner = connection.inner if isinstance(connection, WatchedConnection) else connection
        await super().release(inner)


@asynccontextmanager
async def scratch(database: Database) -> AsyncGenerator[tuple[Database, list[str]]]:
    """An empty copy of *database*, and the list that its statements come to.

    Raises:
        MigrationError: the server allows us none.
    """
    statements = await (await database.introspect()).structure()
    if database.settings.server is None:
        made = database.beside(
            ScratchDatabase, replace(database.settings, path=":memory:", replicas=())
        )
        async with _filled(made, statements):
            yield made, made.statements
    elif database.capabilities.transactional_ddl:
        async with _schema(database, statements) as watched:
            yield database, watched
    else:
        name = f"{database.settings.server.database[:40]}_plan_{uuid4().hex[:8]}"
        server = replace(database.settings.server, database=name)
        made = database.beside(
            ScratchDatabase,
            replace(database.settings, path=name, server=server, replicas=()),
        )
        async with _filled(made, statements):
            yield made, made.statements


class _Undone(Exception):
    """Ends a transaction without keeping anything of it."""


@asynccontextmanager
async def _filled(made: ScratchDatabase, statements: list[str]) -> AsyncGenerator[None]:
    try:
        await made.create()
    except Exception as error:
        raise MigrationError(
            f"The SQL cannot be shown, because an empty copy of the database "
            f"{made.identifier!r} cannot be made: {error} Give the user the right to create "
            "databases, or look at it where that is allowed."
        ) from error
    try:
        for statement in statements:
            await made.execute(statement)
        made.statements.clear()
        yield
    finally:
        await made.drop()
        await made.close()


@asynccontextmanager
async def _schema(database: Database, statements: list[str]) -> AsyncGenerator[list[str]]:
    watched: list[str] = []
    name = f"velocious_plan_{uuid4().hex[:8]}"
    try:
        async with database.transaction() as transaction:
            connection = transaction.connection
            await connection.execute(f"CREATE SCHEMA {database.dialect.quote(name)}")
            await connection.fetch(_SEARCH_PATH, (name,))
            for statement in statements:
                await connection.execute(statement)
            database.forget_schema()
            watching: Any = WatchedConnection(connection, watched)
            transaction.connection = watching
            try:
                yield watched
            finally:
                transaction.connection = connection
            raise _Undone
    except _Undone:
        pass
    finally:
        database.forget_schema()


def _shown(sql: str, params: Parameters) -> str:
    return f"{sql}  -- {', '.join(map(repr, params))}" if params else sql
