"""An opened PostgreSQL database: a pool of connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.driver import Capabilities
from velocious.database.pooled_driver import PooledDriver
from velocious.sql.dialects.postgresql import PostgresqlDialect
from velocious_node.database.postgresql_connection import PostgresqlConnection
from velocious_node.database.postgresql_opening import address_of, connect, prepares

if TYPE_CHECKING:
    from velocious.database.driver import Connection, Introspector
    from velocious.database.settings import DatabaseSettings
    from velocious.sql.dialects.base import Dialect

CAPABILITIES = Capabilities(
    row_locks=True, single_writer=False, survives_errors=False, max_parameters=32_767
)


class PostgresqlDriver(PooledDriver[PostgresqlConnection]):
    """Reads outside of transactions run on any free connection; so do writes."""

    def __init__(self, settings: DatabaseSettings) -> None:
        super().__init__(settings)
        self.dialect: Dialect = PostgresqlDialect()
        self.capabilities = CAPABILITIES
        self._prepared = prepares(address_of(settings))

    async def connect(self) -> PostgresqlConnection:
        raw = await connect(self.settings)
        return PostgresqlConnection(raw, self.settings, prepared=self._prepared)

    def introspector(self, connection: Connection) -> Introspector:
        # Imported late: a process that knows its tables never needs it.
        from velocious.database.postgresql.introspection import PostgresqlIntrospector

        return PostgresqlIntrospector(connection)
