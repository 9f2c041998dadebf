"""Runs one migration, and notes that it has.

Law: a migration and its row in the ledger are one transaction, so that a failing or killed one
leaves nothing behind. Where that cannot be (``disable_transaction``, or a database that cannot undo
changes of tables), what it is doing is noted in the database: see ``marks.py``.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from velocious.database.primary import using_primary
from velocious.errors import DatabaseError, MigrationError
from velocious.migration.currency import LEDGER
from velocious.migration.failures import failure, told
from velocious.migration.ledger import Ledger, note_statement
from velocious.migration.marks import Marks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from velocious.clock import Clock
    from velocious.database.database import Database
    from velocious.migration.events import Direction, StepEvent
    from velocious.migration.migration import Migration
    from velocious.migration.provider import MigrationSource
    from velocious.progress import Progress

type OnStep = Callable[[StepEvent], object]


class Runner:
    """Runs migrations on one database, one at a time.

    Attributes:
        ledger: what has run there.
        marks: what is running there outside of a transaction.
    """

    def __init__(
        self,
        database: Database,
        sources: Mapping[str, MigrationSource],
        clock: Clock,
        on_step: OnStep | None,
        progress: Progress | None,
    ) -> None:
        self.database = database
        self.ledger = Ledger(database)
        self.marks = Marks(database)
        self._sources = sources
        self._clock = clock
        self._on_step = on_step
        self._progress = progress

    async def run(self, source: MigrationSource, event: StepEvent) -> StepEvent | None:
        """Run *source* as *event* says; None where somebody else has done it."""
        if self._on_step:
            self._on_step(event)
        before = time.perf_counter()
        migration = source.migration(self.database, progress=self._progress)
        migration.others = self._sources
        bare = self._is_bare(migration)
        try:
            with using_primary():
                if bare:
                    ran = await self._run_bare(migration, source, event.direction)
                else:
                    ran = await self._run_whole(migration, source, event.direction)
        except Exception as error:
            raise failure(
                migration, source, event.direction, error, database=self.database, bare=bare
            ) from error
        finally:
            self.database.forget_schema()
        if not ran:
            return None
        finished = replace(event, state="finished", seconds=time.perf_counter() - before)
        if self._on_step:
            self._on_step(finished)
        return finished

    async def _run_whole(
        self, migration: Migration, source: MigrationSource, direction: Direction
    ) -> bool:
        async with self.database.transaction():
            if await self._is_done(source, direction):
                return False
            await migration.run(direction)
            await self.note(source, direction)
        return True

    async def _run_bare(
        self, migration: Migration, source: MigrationSource, direction: Direction
    ) -> bool:
        if await self._is_done(source, direction):
            return False
        mark = await self.marks.begin(source, direction, self._clock.now())
        migration.mark, migration.steps.announce = mark, mark.doing
        try:
            await migration.run(direction)
        except Exception:
            # Whoever reads the error knows; the mark is for those who were killed.
            await self.marks.clear()
            raise
        try:
            async with self.database.transaction():
                await self.note(source, direction)
        except DatabaseError as error:
            raise MigrationError(
                f"All of it was done, but the table {LEDGER!r} could not be told ({told(error)}) "
                f"Do it yourself before you migrate again: {note_statement(source, direction)};"
            ) from error
        await self.marks.clear()
        return True

    def _is_bare(self, migration: Migration) -> bool:
        """Whether the migration runs outside of a transaction."""
        can = self.database.capabilities
        return migration.disable_transaction or not can.transactional_ddl

    async def _is_done(self, source: MigrationSource, direction: Direction) -> bool:
        return (source.version in await self.ledger.applied()) is (direction == "up")

    async def note(self, source: MigrationSource, direction: Direction) -> None:
        """Note that *source* has run, or has been undone."""
        if direction == "down":
            await self.ledger.remove(source.version)
            return
        await self.ledger.prepare()
        await self.ledger.add(source, self._clock.now())
