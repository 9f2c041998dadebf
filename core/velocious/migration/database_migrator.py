"""What is to run on one database, in which order.

Law: one migrator at a time, and each looks what is to do only when its turn has come. How one is
run is ``running.py``.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from velocious.command_words import as_typed
from velocious.errors import (
    AdvisoryLockTimeoutError,
    MigrationError,
)
from velocious.migration.events import MigrationStatus, StepEvent
from velocious.migration.failures import file_name, interrupted_error
from velocious.migration.loader import check_migration
from velocious.migration.migration import is_reversible
from velocious.migration.running import Runner

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from velocious.clock import Clock
    from velocious.database.database import Database
    from velocious.migration.events import Direction
    from velocious.migration.ledger import Applied
    from velocious.migration.marks import Interrupted
    from velocious.migration.provider import MigrationSource
    from velocious.migration.running import OnStep
    from velocious.progress import Progress

#: The advisory lock that one migrator at a time holds.
LOCK = "velocious migrations"


class DatabaseMigrator:
    """The migrations of one database: what has run, what is to run, running it."""

    def __init__(
        self,
        database: Database,
        sources: Sequence[MigrationSource],
        clock: Clock,
        on_step: OnStep | None = None,
        *,
        progress: Progress | None = None,
        lock_timeout: float | None = None,
    ) -> None:
        self.database = database
        self.sources = {
            source.version: source
            for source in sorted(sources, key=lambda source: source.version)
            if database.identifier in source.migration.on_databases
        }
        self._runner = Runner(database, self.sources, clock, on_step, progress)
        self.ledger = self._runner.ledger
        self.marks = self._runner.marks
        self._lock_timeout = lock_timeout

    # Questions

    async def status(self) -> list[MigrationStatus]:
        """Every migration that exists or has run, by version."""
        applied = await self.ledger.applied()
        stopped = await self.marks.interrupted()
        versions = sorted({*self.sources, *applied})
        newest = max(applied, default="")
        return [
            self._status(version, applied.get(version), newest, stopped) for version in versions
        ]

    async def pending(self) -> list[MigrationSource]:
        """What has not run yet, by version."""
        applied = await self.ledger.applied()
        return [source for source in self.sources.values() if source.version not in applied]

    # What is to do

    async def to_migrate(self, target: str | None) -> list[tuple[MigrationSource, Direction]]:
        """What is pending up to *target*, behind what is to be undone because it is beyond it."""
        applied = await self.ledger.applied()
        beyond = [version for version in applied if target is not None and version > target]
        pending = [
            source
            for source in self.sources.values()
            if source.version not in applied and (target is None or source.version <= target)
        ]
        return [
            *((self._applied_source(one, applied), "down") for one in sorted(beyond, reverse=True)),
            *((source, "up") for source in pending),
        ]

    async def to_roll_back(self, steps: int) -> list[tuple[MigrationSource, Direction]]:
        """The newest *steps* migrations that have run, newest first."""
        applied = await self.ledger.applied()
        newest = sorted(applied, reverse=True)[:steps]
        return [(self._applied_source(version, applied), "down") for version in newest]

    async def to_redo(self, steps: int) -> list[tuple[MigrationSource, Direction]]:
        """The newest *steps* migrations, to be undone and run again."""
        undone = await self.to_roll_back(steps)
        return [*undone, *((source, "up") for source, _ in reversed(undone))]

    async def to_move(
        self, version: str, direction: Direction
    ) -> list[tuple[MigrationSource, Direction]]:
        """One migration alone, unless it has run (or been undone) already."""
        applied = await self.ledger.applied()
        if (version in applied) is (direction == "up"):
            return []
        if direction == "down":
            return [(self._applied_source(version, applied), "down")]
        return [(self.sources[version], "up")]

    # Running

    @asynccontextmanager
    async def turn(self) -> AsyncGenerator[None]:
        """A block in which nobody else migrates this database.

        Raises:
            MigrationError: somebody else has migrated for longer than we wait.
        """
        try:
            async with self.database.advisory_lock(LOCK, self._lock_timeout):
                yield
        except AdvisoryLockTimeoutError as error:
            if error.lock_name != LOCK:
                raise
            raise MigrationError(
                f"Somebody else has been migrating the database {self.database.identifier!r} for "
                f"more than {self._lock_timeout:g} seconds, so nothing was done. Look at that "
                "process; if it is only slow, wait longer: "
                f"{as_typed('db:migrate --lock-timeout 3600')}."
            ) from error

    async def run(self, planned: Sequence[tuple[MigrationSource, Direction]]) -> list[StepEvent]:
        """Run what is *planned*, in its order; what was done."""
        await self._check_marks()
        for source, direction in planned:
            check_migration(source.migration, file_name(source))
            if direction == "down" and not is_reversible(source.migration):
                raise MigrationError(
                    f"{file_name(source)} cannot be rolled back: {source.migration.__name__} has "
                    "no down(). Add `async def down(self):` that undoes up(), or say it all in "
                    "change(). Nothing was rolled back."
                )
        done: list[StepEvent] = []
        totals = {way: sum(1 for _, one in planned if one == way) for way in ("up", "down")}
        numbers = {"up": 0, "down": 0}
        for source, direction in planned:
            numbers[direction] += 1
            event = StepEvent(
                self.database.identifier,
                source.version,
                source.name,
                direction,
                "started",
                numbers[direction],
                totals[direction],
            )
            finished = await self._runner.run(source, event)
            if finished is not None:
                done.append(finished)
        return done

    async def resolve(self, version: str, *, applied: bool) -> None:
        """Say whether an interrupted migration counts as done: somebody has looked.

        Raises:
            MigrationError: no migration of that version was interrupted.
        """
        stopped = await self.marks.interrupted()
        if stopped is None or stopped.version != version:
            found = "none was" if stopped is None else f"{stopped.version} was"
            raise MigrationError(
                f"The migration {version} was not interrupted on the database "
                f"{self.database.identifier!r} ({found}). {as_typed('db:status')} shows what is."
            )
        ran = version in await self.ledger.applied()
        async with self.database.transaction():
            if applied and not ran:
                await self._runner.note(self._source(stopped), "up")
            elif ran and not applied:
                await self.ledger.remove(version)
        await self.marks.clear()

    async def _check_marks(self) -> None:
        stopped = await self.marks.interrupted()
        if stopped is None:
            return
        source = self.sources.get(stopped.version)
        noted = (stopped.version in await self.ledger.applied()) is (stopped.direction == "up")
        if noted:
            # Killed between the last two steps: all was done, and the ledger says so.
            await self.marks.clear()
        elif source is None or not source.migration.resumable:
            raise interrupted_error(stopped, self.database)

    # Telling

    def _status(
        self, version: str, applied: Applied | None, newest: str, stopped: Interrupted | None
    ) -> MigrationStatus:
        source = self.sources.get(version)
        name = source.name if source else (applied and applied.name) or "(unknown)"
        state = "down" if applied is None else "up" if source else "missing"
        if stopped is not None and stopped.version == version:
            state = "interrupted"
        edited = bool(
            source and applied and applied.checksum and applied.checksum != source.checksum
        )
        return MigrationStatus(
            self.database.identifier,
            version,
            name,
            state,
            applied.applied_at if applied else None,
            edited,
            out_of_order=state == "down" and version < newest,
        )

    def _source(self, stopped: Interrupted) -> MigrationSource:
        source = self.sources.get(stopped.version)
        if source is None:
            raise MigrationError(
                f"The file {stopped.version}_{stopped.name}.py is missing. Bring it back from "
                "version control first."
            )
        return source

    def _applied_source(self, version: str, applied: dict[str, Applied]) -> MigrationSource:
        source = self.sources.get(version)
        if source is None:
            name = applied[version].name or "…"
            raise MigrationError(
                f"The migration {version} has run on the database {self.database.identifier!r}, "
                f"but its file {version}_{name}.py is missing, so it cannot be undone. Bring it "
                f"back from version control; {as_typed('db:status')} shows what has run."
            )
        return source
