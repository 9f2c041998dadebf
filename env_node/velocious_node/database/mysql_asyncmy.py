"""Links through asyncmy: statements are prepared on the server, so that a value never becomes part
of SQL text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asyncmy import errors
from asyncmy.connection import Connection
from asyncmy.constants.CLIENT import FOUND_ROWS, MULTI_STATEMENTS, SSL

from velocious.sql.placeholders import split_placeholders
from velocious_node.database.mysql_link import NO_TLS, Answer
from velocious_node.database.mysql_raw_link import RawLink

if TYPE_CHECKING:
    from velocious.database.driver import Parameters

#: What the package raises for a statement or a broken connection.
ERRORS: tuple[type[Exception], ...] = (errors.MySQLError, OSError)

#: Statements a connection keeps prepared. The server's own limit is 16,382 for all connections.
KEPT = 200
#: How many rows, and about how many bytes, one message to the server holds.
MESSAGE_ROWS = 2_000
MESSAGE_BYTES = 1_000_000

_NEEDS_PREPARING_AGAIN = 1615
_NOT_PREPARABLE = 1295


async def connect(*, demand_tls: bool, **options: Any) -> AsyncmyLink:
    """A new link; *demand_tls* says that it is encrypted or not opened."""
    # rowcount means the rows that were found, as on every other database, not those that differ.
    raw: Any = _Connection(client_flag=FOUND_ROWS, autocommit=True, charset="utf8mb4", **options)
    # One statement at a time: what an attacker smuggles behind a semicolon is never run.
    raw._client_flag &= ~MULTI_STATEMENTS
    raw.demand_tls = demand_tls
    await raw.connect()
    return AsyncmyLink(raw)


class _Connection(Connection):
    """Asks whether the server encrypts before it begins to, and before it sends a password."""

    demand_tls = False

    async def _request_authentication(self) -> None:
        raw: Any = self
        if raw._ssl_context is not None and not raw.server_capabilities & SSL:
            if self.demand_tls:
                raise errors.OperationalError(NO_TLS, "the server does not encrypt")
            raw._ssl_context = None
            raw._client_flag &= ~SSL
        request: Any = super()
        await request._request_authentication()


class AsyncmyLink(RawLink):
    """A connection of asyncmy with its prepared statements."""

    __slots__ = ("_statements",)

    def __init__(self, raw: Any) -> None:
        super().__init__(raw)
        self._statements: dict[str, Any] = {}

    @property
    def is_closed(self) -> bool:
        return not self._raw.connected or self._raw._stream_broken

    async def query(self, sql: str) -> Answer:
        raw = self._raw
        await raw.query(sql)
        result = raw._result
        return Answer(result.rows, result.description, result.affected_rows, result.insert_id)

    async def run(self, sql: str, params: Parameters) -> Answer:
        statement = self._statements.get(sql)
        try:
            if statement is None:
                statement = await self._prepare(sql)
            result = await statement.execute(params)
        except errors.MySQLError as error:
            result = await self._again(error, sql, params)
        return Answer(result.rows, result.description, result.affected_rows, result.insert_id)

    async def run_many(self, sql: str, rows: list[Parameters]) -> int:
        changed = start = 0
        while start < len(rows):
            end = _message_end(rows, start)
            changed += await self._run_message(sql, rows[start:end])
            start = end
        return changed

    async def forget(self) -> None:
        while self._statements:
            _, statement = self._statements.popitem()
            await statement.close()

    async def ping(self) -> None:
        await self._raw.ping(False)

    def terminate(self) -> None:
        transport = self._raw._transport
        self._raw.close()
        if transport is not None:
            # close() would wait until everything has been written.
            transport.abort()

    # Preparing

    async def _prepare(self, sql: str) -> Any:
        statements = self._statements
        if len(statements) >= KEPT:
            # The one that was prepared first; what is used all the time comes back at once.
            await statements.pop(next(iter(statements))).close()
        statement = await self._raw.prepare(sql)
        statements[sql] = statement
        return statement

    async def _again(self, error: errors.MySQLError, sql: str, params: Parameters) -> Any:
        """Once more, where only the way it was sent is wrong."""
        number = error.args[0] if error.args else 0
        if number == _NEEDS_PREPARING_AGAIN:
            await self._statements.pop(sql).close()
            return await (await self._prepare(sql)).execute(params)
        if number == _NOT_PREPARABLE and not params:
            await self._raw.query(sql)
            return self._raw._result
        raise error

    # Many rows

    async def _run_message(self, sql: str, rows: list[Parameters]) -> int:
        if len(rows) > 1 and rows[0] and self._raw._bulk_supported:
            bulk_sql, bulk_rows = _without_empty_columns(sql, rows)
            try:
                if bulk_rows:
                    statement = self._statements.get(bulk_sql) or await self._prepare(bulk_sql)
                    return (await statement.execute_bulk(bulk_rows)).affected_rows
            except ValueError as error:
                # Before anything was sent: a column has values of several types.
                if isinstance(error, UnicodeError):
                    raise
        changed = 0
        for row in rows:
            changed += (await self.run(sql, row)).changed
        return changed


def _message_end(rows: list[Parameters], start: int) -> int:
    size, end = 0, start
    while end < len(rows) and end - start < MESSAGE_ROWS and size < MESSAGE_BYTES:
        size += sum(len(value) if isinstance(value, str | bytes) else 8 for value in rows[end])
        end += 1
    return end


def _without_empty_columns(sql: str, rows: list[Parameters]) -> tuple[str, list[Parameters]]:
    """*sql* and *rows* without the columns that are NULL in all of them, which have no type."""
    columns = list(zip(*rows, strict=True))
    empty = [all(value is None for value in column) for column in columns]
    if not any(empty):
        return sql, rows
    pieces = split_placeholders(sql)
    text = pieces[0] + "".join(
        ("NULL" if is_empty else "?") + piece
        for is_empty, piece in zip(empty, pieces[1:], strict=True)
    )
    kept = [column for column, is_empty in zip(columns, empty, strict=True) if not is_empty]
    return text, list(zip(*kept, strict=True)) if kept else []
