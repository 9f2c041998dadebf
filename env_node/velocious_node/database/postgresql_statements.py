"""The prepared statements of one connection, by their SQL text."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from velocious.database.refusals import controls_transactions, only_reads
from velocious.sql.dialects.postgresql_text import CONTROLS, first_word, numbered, reads
from velocious_node.database.postgresql_moments import has_moments, read_moments

if TYPE_CHECKING:
    from velocious_node.database.postgresql_raw import RawConnection, RawStatement

#: How many texts a connection keeps prepared; the server holds a plan for each of them.
KEPT = 500

CHANGES_SCHEMA = frozenset(
    {"CREATE", "ALTER", "DROP", "TRUNCATE", "COMMENT", "SET", "RESET", "DISCARD", "DO", "CALL"}
)
_PREPARED = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES", "TABLE", "MERGE"})


class Statement(NamedTuple):
    """A prepared statement.

    Attributes:
        sql: the text it was asked for with.
        word: its first keyword.
        raw: asyncpg's object.
    """

    sql: str
    word: str
    raw: RawStatement


class Statements:
    """Statements by text, those that were not used for the longest time forgotten first.

    Attributes:
        known: all that are kept.
        reading: those of them that only read.
    """

    __slots__ = ("_kept", "_raw", "_reads_moments", "known", "reading")

    def __init__(self, raw: RawConnection, *, kept: bool) -> None:
        self._raw = raw
        self._kept = kept
        self._reads_moments = False
        self.known: OrderedDict[str, Statement] = OrderedDict()
        self.reading: dict[str, Statement] = {}

    async def prepare_read(self, sql: str, count: int) -> Statement:
        """As :meth:`prepare`, for a statement that must only read."""
        statement = self.known.get(sql) or await self.prepare(sql, count)
        if not reads(sql, statement.word):
            raise only_reads(sql)
        if sql in self.known:
            self.reading[sql] = statement
        return statement

    async def prepare(self, sql: str, count: int) -> Statement:
        """*sql*, with *count* parameters, prepared and kept."""
        word = first_word(sql)
        if word in CONTROLS:
            self.refuse_control(sql)
        text = numbered(sql, count)
        raw = await self._raw.prepare(text)
        if not self._reads_moments and has_moments(raw):
            self._reads_moments = True
            await read_moments(self._raw)
            raw = await self._raw.prepare(text)
        statement = Statement(sql, word, raw)
        if self._kept and word in _PREPARED:
            self._keep(statement)
        return statement

    def refuse_control(self, sql: str) -> None:
        """Raise what keeps transaction control to transactions."""
        raise controls_transactions(sql)

    def clear(self) -> None:
        """Forget all: the tables have changed."""
        self.known.clear()
        self.reading.clear()

    def _keep(self, statement: Statement) -> None:
        while len(self.known) >= KEPT:
            oldest, _ = self.known.popitem(last=False)
            self.reading.pop(oldest, None)
        self.known[statement.sql] = statement
