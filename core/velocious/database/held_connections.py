"""The connections that a block keeps: ``async with configuration.ensure_connections():``.

Law: they belong to the task that opened the block; the tasks it starts take connections of their
own. A transaction's connection always comes first.

Only a pool has connections to keep. SQLite has one writer, which keeping would take from everybody
else: there the block opens the databases and changes nothing besides.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from velocious.database.transaction import innermost

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from velocious.database.database import Database
    from velocious.database.driver import Connection
    from velocious.database.reading import Reading
    from velocious.database.transaction import Scope


class Held:
    """A link in the chain of what the running task is inside of, beside transactions.

    Attributes:
        outer: what the block itself is inside of.
        owner: the task that may use it.
        databases: those it keeps connections of, once they are used; by identifier.
        connections: those it keeps now.
        reading: what notes the reads around it.
    """

    __slots__ = ("connections", "databases", "outer", "owner", "reading")

    #: Read where chains are walked: it is no transaction of any database.
    database: ClassVar[None] = None

    def __init__(self, databases: Mapping[str, Database]) -> None:
        self.databases = databases
        self.outer = outer = innermost.get()
        self.reading: Reading | None = None if outer is None else outer.reading
        self.owner = asyncio.current_task()
        self.connections: dict[Database, Any] = {}

    def wants(self, database: Database) -> bool:
        """Whether the running task keeps the connection of *database* here."""
        return database.identifier in self.databases and self.owner is asyncio.current_task()

    async def give_back(self) -> None:
        """Release what is kept. Raises the first error, after all of them are released."""
        failure: BaseException | None = None
        while self.connections:
            database, connection = self.connections.popitem()
            try:
                await database.put_back(connection)
            except BaseException as error:
                failure = failure or error
        if failure is not None:
            raise failure


class ConnectionBlock:
    """``async with`` this: inside, the running task uses one connection of each database.

    With *anew* also inside of another such block; else that block's connections are used.
    """

    __slots__ = ("_anew", "_databases", "_held")

    def __init__(self, databases: Mapping[str, Database], *, anew: bool) -> None:
        self._databases = databases
        self._anew = anew
        self._held: Held | None = None

    async def __aenter__(self) -> Mapping[str, Database]:
        if self._anew or not all(_is_held(database) for database in self._databases.values()):
            for database in self._databases.values():
                await database.open()
            self._held = Held(self._databases)
            innermost.set(self._held)
        return self._databases

    async def __aexit__(self, *_: object) -> None:
        held, self._held = self._held, None
        if held is not None:
            innermost.set(held.outer)
            await held.give_back()


def held_for(database: Database) -> Held | None:
    """The nearest block of the running task that keeps connections of *database*."""
    link: Scope | Held | Reading | None = innermost.get()
    while link is not None:
        if isinstance(link, Held) and link.wants(database):
            return link
        link = link.outer
    return None


async def hold(database: Database, lease: Callable[[], Awaitable[Connection]]) -> Connection | None:
    """The connection of *database* that the running task's block keeps, leased now if there is
    none yet; None outside of such blocks.
    """
    held = held_for(database)
    if held is None:
        return None
    kept = held.connections.get(database)
    if kept is not None and kept.is_closed:
        del held.connections[database]
        await database.put_back(kept)
        kept = None
    if kept is None:
        kept = held.connections[database] = await lease()
    return kept


def keep(database: Database, connection: Connection) -> bool:
    """Whether a block of the running task keeps *connection*, of which it is rid if it is no longer
    clean.
    """
    held = held_for(database)
    if held is None or held.connections.get(database) is not connection:
        return False
    if connection.in_transaction or held.connections[database].is_closed:
        del held.connections[database]
        return False
    return True


def _is_held(database: Database) -> bool:
    return held_for(database) is not None


async def let_go(database: Database) -> None:
    """Give back what the blocks of the running task keep of *database*."""
    link: Scope | Held | Reading | None = innermost.get()
    while link is not None:
        if isinstance(link, Held) and link.owner is asyncio.current_task():
            connection: Connection | None = link.connections.pop(database, None)
            if connection is not None:
                await database.put_back(connection)
        link = link.outer
