"""An opened MySQL or MariaDB database: a pool of connections."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from velocious.database.driver import Capabilities
from velocious.database.mysql.server import Server
from velocious.database.mysql.statement_kind import StatementKinds
from velocious.database.pooled_driver import PooledDriver
from velocious.errors import DatabaseUnavailableError
from velocious.sql.dialects.mysql import MysqlDialect
from velocious_node.database.mysql_connection import MysqlConnection
from velocious_node.database.mysql_opening import connect, refused

if TYPE_CHECKING:
    from velocious.database.driver import Connection, Introspector
    from velocious.database.settings import DatabaseSettings
    from velocious.sql.dialects.base import Dialect
    from velocious_node.database.mysql_opening import Package

_log = logging.getLogger("velocious.database")

CAPABILITIES = Capabilities(
    transactional_ddl=False,
    row_locks=True,
    partial_indexes=False,
    expression_indexes=False,
    stores_nul=True,
    stores_infinity=False,
    single_writer=False,
    last_insert_id=True,
    max_parameters=65_535,
)

#: Seconds that stopping a statement on the server may take.
_PATIENCE = 5.0
_NO_SUCH_THREAD = 1094


class MysqlDriver(PooledDriver[MysqlConnection]):
    """Reads outside of transactions run on any free connection; so do writes."""

    def __init__(self, settings: DatabaseSettings, package: Package) -> None:
        super().__init__(settings)
        self.dialect: Dialect = MysqlDialect()
        self.capabilities = CAPABILITIES
        self._package = package
        self._kinds = StatementKinds()
        # What is known of it before the first connection.
        self._server: Server = Server(True, (10, 6, 0))

    async def connect(self) -> MysqlConnection:
        opened = await connect(self.settings, self._package)
        self._meet(opened.server)
        return MysqlConnection(opened, self.settings, self._kinds, self.kill)

    def introspector(self, connection: Connection) -> Introspector:
        # Imported late: a process that knows its tables never needs it.
        from velocious.database.mysql.introspection import MysqlIntrospector

        return MysqlIntrospector(connection, self._server)

    def _meet(self, server: Server) -> None:
        if server != self._server:
            self._server = server
            self.capabilities = replace(
                CAPABILITIES, returning=server.returning, expression_indexes=not server.mariadb
            )

    async def kill(self, thread_id: int, identity: str) -> None:
        """End a connection on the server called *identity*, whose statement nobody waits for any
        more: a closed socket alone does not stop it, and it would keep its locks.
        """
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._kill(thread_id, identity)
        except (*self._package.errors, DatabaseUnavailableError, TimeoutError) as error:
            _log.warning(
                "A statement of a cancelled task may still run on the server of the database %r, "
                "as thread %d: it could not be killed.",
                self.settings.identifier,
                thread_id,
                exc_info=error,
            )

    async def _kill(self, thread_id: int, identity: str) -> None:
        opened = await connect(self.settings, self._package, with_database=False)
        try:
            # Behind one address there may be several servers; another one would call another
            # connection by this number.
            if opened.identity == identity:
                await opened.link.query(f"KILL {int(thread_id)}")
        except self._package.errors as error:
            if refused(error).number != _NO_SUCH_THREAD:
                raise
        finally:
            await opened.link.close()
