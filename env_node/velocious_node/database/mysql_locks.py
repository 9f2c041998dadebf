"""Advisory locks of a MySQL or MariaDB server, for all processes that use a database.

Law: each lock is held on a connection of its own, so that the server gives it back the moment its
process is gone, however that happened.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from velocious.errors import ConnectionLostError
from velocious_node.database.mysql_driver import MysqlDriver

if TYPE_CHECKING:
    from velocious.database.settings import DatabaseSettings
    from velocious_node.database.mysql_connection import MysqlConnection
    from velocious_node.database.mysql_opening import Package

#: The server refuses longer names; and it does not tell upper case from lower case.
LONGEST_NAME = 64
#: GET_LOCK takes whole seconds on some servers, and "for ever" only on some: a year will do.
_FOR_EVER = 31_536_000


class ServerLocks:
    """The lock broker of a database on a server. Names are the server's: other databases there
    have others, because the database is part of them.
    """

    def __init__(self, settings: DatabaseSettings, package: Package) -> None:
        # Waiting for a lock is a statement, too, but no slow one.
        server = settings.server and replace(settings.server, statement_timeout=None)
        self._driver = MysqlDriver(replace(settings, server=server), package)
        self._database = settings.path
        self._held: dict[str, MysqlConnection] = {}

    def key_of(self, name: str) -> str:
        """What the server is asked for in place of *name*."""
        text = f"{self._database}\0{name}"
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return f"velocious {digest}"[:LONGEST_NAME]

    async def acquire(self, name: str, timeout: float | None) -> bool:
        connection = await self._driver.connect()
        try:
            # Who holds a lock says nothing to the server, which would call that idle after hours.
            await connection.execute(f"SET wait_timeout = {_FOR_EVER}")
            seconds = _FOR_EVER if timeout is None else timeout
            rows = await connection.fetch("SELECT GET_LOCK(?, ?)", (self.key_of(name), seconds))
        except BaseException:
            # A cancelled call: whether the lock was given or not, it is gone with the connection.
            connection.terminate()
            raise
        if rows[0][0] == 1:
            self._held[name] = connection
            return True
        await connection.close()
        return False

    async def release(self, name: str) -> None:
        """Give *name* back.

        Raises:
            ConnectionLostError: the connection broke while the lock was held, so that somebody else
                may have had it meanwhile.
        """
        connection = self._held.pop(name)
        try:
            await connection.fetch("SELECT RELEASE_LOCK(?)", (self.key_of(name),))
        except ConnectionLostError as error:
            raise ConnectionLostError(
                f"The connection that held the advisory lock {name!r} broke while it was held, so "
                "another process may have taken the lock meanwhile. Check what was done under it."
            ) from error
        finally:
            await connection.close()
