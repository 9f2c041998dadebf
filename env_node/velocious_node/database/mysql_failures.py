"""What a connection makes of the exceptions of its driver package."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from velocious.database.mysql.errors import (
    CHECK,
    MORE_THAN_ONE_ROW,
    ROLLED_BACK,
    TOO_LONG,
    UNIQUE,
    UNKNOWN_TABLE,
    duplicate,
    failed_check,
    key_name,
    target_table,
    too_large,
    translated,
    unfulfilled,
)
from velocious.database.mysql.server_errors import LOST, Refused
from velocious.errors import StatementError
from velocious_node.database.mysql_opening import refused

if TYPE_CHECKING:
    from velocious.database.driver import Parameters
    from velocious.database.settings import DatabaseSettings
    from velocious.errors import DatabaseError
    from velocious_node.database.mysql_opening import Opened

#: What packages raise besides their own errors: for a value that has no place on the wire, and
#: where the protocol is broken.
FAILURES: tuple[type[Exception], ...] = (
    ValueError,
    ArithmeticError,
    AssertionError,
    LookupError,
    TypeError,
)

_TABLES = "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
_KEY = """
    SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.STATISTICS
    WHERE TABLE_SCHEMA = DATABASE() AND INDEX_NAME = ? AND NON_UNIQUE = 0
    ORDER BY TABLE_NAME = ? DESC, TABLE_NAME, SEQ_IN_INDEX
"""
_CHECK = """
    SELECT CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
    WHERE CONSTRAINT_SCHEMA = DATABASE() AND CONSTRAINT_NAME = ?
"""


class Failures:
    """Translates the failures of one connection; asks the server for names where that helps."""

    def __init__(self, opened: Opened, settings: DatabaseSettings) -> None:
        self.server = opened.server
        self._link = opened.link
        self._longest = opened.longest_packet
        self._errors = opened.errors
        self._settings = settings

    def ends_transaction(self, error: Exception) -> bool:
        """Whether the server has rolled back the transaction in which *error* happened."""
        return isinstance(error, self._errors) and refused(error).number in ROLLED_BACK

    def cause(self, error: Exception) -> Exception | None:
        """*error* to be chained, unless it may show values."""
        lost = isinstance(error, OSError) or refused(error).number in LOST
        return error if lost else None

    async def translate(self, error: Exception, sql: str, params: Parameters) -> DatabaseError:
        """Our error for *error*."""
        if isinstance(error, UnicodeEncodeError):
            text = "A text parameter holds half of a surrogate pair, which is not text"
            return StatementError(f"{text}. Decode it properly first", sql)
        if not isinstance(error, self._errors):
            return self._of_python(error, sql)
        said = refused(error)
        if said.number == TOO_LONG:
            # The server hangs up after saying so.
            self._link.terminate()
            return too_large(sql, self._longest)
        if self._link.is_closed or said.number in LOST:
            self._link.terminate()
            if self._is_too_large(sql, params):
                return too_large(sql, self._longest)
            return translated(
                Refused(said.number if said.number in LOST else 0, ""), sql, self._settings
            )
        if said.number in UNIQUE:
            return await self._duplicate(said, sql)
        if said.number in CHECK:
            return await self._unfulfilled(said, sql)
        if said.number == MORE_THAN_ONE_ROW and "ON DUPLICATE KEY UPDATE" in sql:
            return duplicate(sql, "(another one than the conflict columns)", target_table(sql), ())
        names = await self._ask(_TABLES) if said.number == UNKNOWN_TABLE else ()
        return translated(said, sql, self._settings, [name for (name,) in names])

    def _of_python(self, error: Exception, sql: str) -> DatabaseError:
        if "64-bit" in str(error):
            text = "An integer parameter has more than 64 bits, which no column can store"
            return StatementError(f"{text}. Store it as text or decimal", sql)
        # While an answer was read: what is left of it must never be taken for another one.
        self._link.terminate()
        if isinstance(error, UnicodeDecodeError):
            text = "The answer holds text that is not UTF-8. Convert the column to utf8mb4"
            return StatementError(text, sql)
        return translated(Refused(0, ""), sql, self._settings)

    def _is_too_large(self, sql: str, params: Parameters) -> bool:
        size = sum(len(value) for value in (sql, *params) if isinstance(value, str | bytes))
        # A character has up to four bytes.
        return 0 < self._longest < 4 * size

    async def _duplicate(self, said: Refused, sql: str) -> DatabaseError:
        key = key_name(said.text)
        rows = await self._ask(_KEY, key, target_table(sql) or "")
        table = rows[0][0] if rows else target_table(sql)
        columns = tuple(column for name, column in rows if name == table and column)
        return duplicate(sql, key, table, columns)

    async def _unfulfilled(self, said: Refused, sql: str) -> DatabaseError:
        name, table = failed_check(said.text)
        # Only MariaDB's view knows tables; its names need not be unique without them.
        condition = " AND TABLE_NAME = ?" if self.server.mariadb and table else ""
        given = (name, table) if condition else (name,)
        rows = await self._ask(_CHECK + condition, *given)
        clause = rows[0][0].replace("`", "").replace('"', "") if rows else None
        return unfulfilled(sql, name, table or target_table(sql), clause)

    async def _ask(self, sql: str, *params: Any) -> list[Any]:
        """The rows of a question about the schema; none where it cannot be asked any more."""
        with suppress(*self._errors):
            return list((await self._link.run(sql, params)).rows or ())
        return []
