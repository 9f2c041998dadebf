"""What the commits of one database have changed, as it is told to whoever follows changes.

Law: nothing is worked out for nobody; where it cannot be known what has changed, anything has.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from velocious.database.changes import Change
from velocious.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Collection

    from velocious.database.affected import Affected
    from velocious.database.database import Database

_log = logging.getLogger("velocious.database")
#: Of how many texts it is remembered what they change.
_KEPT = 1000


class Announcements:
    """Tells the listeners of *database* what was committed."""

    __slots__ = ("_affected", "_database", "_told")

    def __init__(self, database: Database) -> None:
        self._database = database
        # What follows from changes of rows, and the version of the schema that it was read of.
        self._affected: tuple[int, Affected] | None = None
        # What was told of a statement: most programs run the same ones again and again.
        self._told: dict[str | None, Change] = {}

    def repeat(self, sql: str | None) -> bool:
        """Say what the committed statement *sql* has changed, if that was said before; whether it
        was.
        """
        change = self._told.get(sql)
        if change is None:
            return False
        self._database.changes.publish(change)
        return True

    async def tell(self, ran: Collection[str | None]) -> None:
        """Say what the committed statements *ran* have changed; None among them: anything."""
        if None in ran:
            self.tell_anything()
            return
        statements = cast("Collection[str]", ran)
        known = self._affected
        if known is None or known[0] != self._database.schema_version:
            known = await self._read_affected(statements)
        if known is None:
            return
        tables = known[1].tables(statements)
        if tables is None or tables:
            change = Change(self._database.identifier, tables, self._database.place)
            if len(statements) == 1:
                self._remember(next(iter(statements)), change)
            self._database.changes.publish(change)

    def tell_anything(self) -> None:
        """Say that anything may have changed."""
        database = self._database
        if database.changes.listening:
            database.changes.publish(Change(database.identifier, None, database.place))

    def forget(self) -> None:
        """Work out anew what statements change: the tables are others now."""
        self._told.clear()

    def _remember(self, sql: str, change: Change) -> None:
        if len(self._told) >= _KEPT:
            self._told.clear()
        self._told[sql] = change

    async def _read_affected(self, ran: Collection[str]) -> tuple[int, Affected] | None:
        """What follows from changes as the tables are now; None where nothing was changed, or where
        everybody was told that anything may have.
        """
        # Imported here: most programs tell nobody.
        from velocious.database.affected import affected_of
        from velocious.database.effects import effects

        if all(effects[sql] is None for sql in ran):
            return None
        version = self._database.schema_version
        try:
            affected = await affected_of(await self._database.introspect_here())
        except BaseException as error:
            self.tell_anything()
            if not isinstance(error, DatabaseError):
                raise
            _log.warning("What follows from a change cannot be read.", exc_info=error)
            return None
        self._affected = version, affected
        return self._affected
