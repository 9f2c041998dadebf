"""Links through aiomysql, where asyncmy has no wheel: pure Python.

It knows no prepared statements: each value is written into the text as a literal, by the package
itself, quoted for the session's sql_mode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pymysql
from aiomysql.connection import Connection
from pymysql.constants.CLIENT import FOUND_ROWS, MULTI_STATEMENTS, SSL

from velocious.sql.placeholders import split_placeholders
from velocious_node.database.mysql_link import NO_TLS, Answer
from velocious_node.database.mysql_raw_link import RawLink

if TYPE_CHECKING:
    from velocious.database.driver import Parameters

#: What the package raises for a statement or a broken connection.
ERRORS: tuple[type[Exception], ...] = (pymysql.MySQLError, OSError)


async def connect(*, demand_tls: bool, **options: Any) -> AiomysqlLink:
    """A new link; *demand_tls* says that it is encrypted or not opened."""
    raw: Any = _Connection(client_flag=FOUND_ROWS, autocommit=True, charset="utf8mb4", **options)
    raw.client_flag &= ~MULTI_STATEMENTS
    raw.demand_tls = demand_tls
    await raw._connect()
    return AiomysqlLink(raw)


class _Connection(Connection):
    """Asks whether the server encrypts before it sends a password."""

    demand_tls = False

    async def _request_authentication(self) -> None:
        raw: Any = self
        if self.demand_tls and not raw.server_capabilities & SSL:
            raise pymysql.OperationalError(NO_TLS, "the server does not encrypt")
        request: Any = super()
        await request._request_authentication()


class AiomysqlLink(RawLink):
    """A connection of aiomysql."""

    __slots__ = ("_pieces",)

    def __init__(self, raw: Any) -> None:
        super().__init__(raw)
        self._pieces: dict[str, list[str]] = {}

    @property
    def is_closed(self) -> bool:
        raw = self._raw
        return raw._writer is None or raw._reader.at_eof() or raw._reader.exception() is not None

    async def query(self, sql: str) -> Answer:
        await self._raw.query(sql)
        result = self._raw._result
        return Answer(result.rows, result.description, result.affected_rows, result.insert_id or 0)

    async def run(self, sql: str, params: Parameters) -> Answer:
        return await self.query(self._written(sql, params) if params else sql)

    async def run_many(self, sql: str, rows: list[Parameters]) -> int:
        changed = 0
        for row in rows:
            changed += (await self.query(self._written(sql, row))).changed
        return changed

    async def forget(self) -> None:
        self._pieces.clear()

    async def ping(self) -> None:
        await self._raw.ping(reconnect=False)

    def terminate(self) -> None:
        writer = self._raw._writer
        self._raw.close()
        if writer is not None:
            writer.transport.abort()

    def _written(self, sql: str, params: Parameters) -> str:
        pieces = self._pieces.get(sql)
        if pieces is None:
            if len(self._pieces) >= 1000:
                self._pieces.clear()
            pieces = self._pieces[sql] = split_placeholders(sql)
        if len(pieces) - 1 != len(params):
            raise pymysql.ProgrammingError(
                f"Expected {len(pieces) - 1} parameters, got {len(params)}"
            )
        text = pieces[0]
        for value, piece in zip(params, pieces[1:], strict=True):
            text += self._raw.literal(value) + piece
        return text
