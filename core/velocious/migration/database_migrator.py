"""Runs migrations on one database.

Law: a migration and its row in the ledger are one transaction, which looks again whether the
migration has run in the meantime; so two migrators never run one twice, and a failing one leaves
nothing behind. Where a database cannot undo changes of tables, a failing one says what it left.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from velocious.database.primary import using_primary
from velocious.errors import DatabaseError, MigrationError, suggestion
from velocious.migration.currency import LEDGER
from velocious.migration.events import MigrationStatus, StepEvent
from velocious.migration.ledger import Ledger, note_statement
from velocious.migration.loader import check_migration
from velocious.migration.migration import Migration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from velocious.clock import Clock
    from velocious.database.database import Database
    from velocious.migration.events import Direction
    from velocious.migration.ledger import Applied
    from velocious.migration.provider import MigrationSource

type OnStep = Callable[[StepEvent], object]


class DatabaseMigrator:
    """The migrations of one database: what has run, what is to run, running it."""

    def __init__(
        self,
        database: Database,
        sources: Sequence[MigrationSource],
        clock: Clock,
        on_step: OnStep | None = None,
    ) -> None:
        self.database = database
        self.sources = {
            source.version: source
            for source in sorted(sources, key=lambda source: source.version)
            if database.identifier in source.migration.on_databases
        }
        self.ledger = Ledger(database)
        self._clock = clock
        self._on_step = on_step

    # Questions

    async def status(self) -> list[MigrationStatus]:
        """Every migration that exists or has run, by version."""
        applied = await self.ledger.applied()
        versions = sorted({*self.sources, *applied})
        return [self._status(version, applied.get(version)) for version in versions]

    async def pending(self) -> list[MigrationSource]:
        """What has not run yet, by version."""
        applied = await self.ledger.applied()
        return [source for source in self.sources.values() if source.version not in applied]

    # Running

    async def migrate(self, target: str | None) -> list[StepEvent]:
        """Run what is pending up to *target*, and undo what is beyond it."""
        applied = await self.ledger.applied()
        beyond = [version for version in applied if target is not None and version > target]
        undone = await self._down([self._applied_source(one, applied) for one in reversed(beyond)])
        pending = [
            source
            for source in self.sources.values()
            if source.version not in applied and (target is None or source.version <= target)
        ]
        return undone + await self._up(pending)

    async def rollback(self, steps: int) -> list[StepEvent]:
        """Undo the newest *steps* migrations that have run."""
        return await self._down(await self._newest(steps))

    async def redo(self, steps: int) -> list[StepEvent]:
        """Undo the newest *steps* migrations, and run them again."""
        sources = await self._newest(steps)
        return await self._down(sources) + await self._up(list(reversed(sources)))

    async def _newest(self, steps: int) -> list[MigrationSource]:
        applied = await self.ledger.applied()
        newest = sorted(applied, reverse=True)[:steps]
        return [self._applied_source(version, applied) for version in newest]

    async def _up(self, sources: Sequence[MigrationSource]) -> list[StepEvent]:
        for source in sources:
            check_migration(source.migration, file_name(source))
        return await self._each(sources, "up")

    async def _down(self, sources: Sequence[MigrationSource]) -> list[StepEvent]:
        for source in sources:
            if source.migration.down is Migration.down:
                raise MigrationError(
                    f"{file_name(source)} cannot be rolled back: {source.migration.__name__} has "
                    "no down(). Add `async def down(self):` that undoes up(). "
                    "Nothing was rolled back."
                )
        return await self._each(sources, "down")

    async def _each(
        self, sources: Sequence[MigrationSource], direction: Direction
    ) -> list[StepEvent]:
        if self.database.capabilities.single_writer or not sources:
            return await self._all(sources, direction)
        # Nothing else keeps two processes from running the same migration at the same time.
        async with self.database.advisory_lock("velocious migrations"):
            return await self._all(sources, direction)

    async def _all(
        self, sources: Sequence[MigrationSource], direction: Direction
    ) -> list[StepEvent]:
        done: list[StepEvent] = []
        for number, source in enumerate(sources, 1):
            event = StepEvent(
                self.database.identifier,
                source.version,
                source.name,
                direction,
                "started",
                number,
                len(sources),
            )
            finished = await self._one(source, event)
            if finished is not None:
                done.append(finished)
        return done

    async def _one(self, source: MigrationSource, event: StepEvent) -> StepEvent | None:
        if self._on_step:
            self._on_step(event)
        before = time.perf_counter()
        migration = source.migration(self.database)
        try:
            with using_primary():
                ran = await self._run(migration, source, event.direction)
        except Exception as error:
            raise self._failure(migration, source, event.direction, error) from error
        finally:
            self.database.forget_schema()
        if not ran:
            return None
        finished = _finished(event, time.perf_counter() - before)
        if self._on_step:
            self._on_step(finished)
        return finished

    async def _run(
        self, migration: Migration, source: MigrationSource, direction: Direction
    ) -> bool:
        if self._is_bare(migration):
            return await self._run_bare(migration, source, direction)
        async with self.database.transaction():
            if await self._is_done(source, direction):
                return False
            await _call(migration, direction)
            await self._note(source, direction)
        return True

    async def _run_bare(
        self, migration: Migration, source: MigrationSource, direction: Direction
    ) -> bool:
        if await self._is_done(source, direction):
            return False
        await _call(migration, direction)
        try:
            async with self.database.transaction():
                await self._note(source, direction)
        except DatabaseError as error:
            raise MigrationError(
                f"All of it was done, but the table {LEDGER!r} could not be told ({_told(error)}) "
                f"Do it yourself before you migrate again: {note_statement(source, direction)};"
            ) from error
        return True

    def _is_bare(self, migration: Migration) -> bool:
        """Whether the migration runs outside of a transaction."""
        can = self.database.capabilities
        return migration.disable_transaction or not can.transactional_ddl

    async def _is_done(self, source: MigrationSource, direction: Direction) -> bool:
        return (source.version in await self.ledger.applied()) is (direction == "up")

    async def _note(self, source: MigrationSource, direction: Direction) -> None:
        if direction == "down":
            await self.ledger.remove(source.version)
            return
        await self.ledger.prepare()
        await self.ledger.add(source, self._clock.now())

    # Telling

    def _status(self, version: str, applied: Applied | None) -> MigrationStatus:
        source = self.sources.get(version)
        name = source.name if source else (applied and applied.name) or "(unknown)"
        state = "down" if applied is None else "up" if source else "missing"
        edited = bool(
            source and applied and applied.checksum and applied.checksum != source.checksum
        )
        moment = applied.applied_at if applied else None
        return MigrationStatus(self.database.identifier, version, name, state, moment, edited)

    def _applied_source(self, version: str, applied: dict[str, Applied]) -> MigrationSource:
        source = self.sources.get(version)
        if source is None:
            name = applied[version].name or "…"
            raise MigrationError(
                f"The migration {version} has run on the database {self.database.identifier!r}, "
                f"but its file {version}_{name}.py is missing, so it cannot be undone. Bring it "
                "back from version control; `velocious db:status` shows what has run."
            )
        return source

    def _failure(
        self, migration: Migration, source: MigrationSource, direction: Direction, cause: Exception
    ) -> MigrationError:
        verb = "failed" if direction == "up" else "failed to roll back"
        step = f" in {migration.steps.current}" if migration.steps.current else ""
        if self._is_bare(migration):
            left = self._what_stayed(migration)
        else:
            left = "Nothing of it was kept."
        return MigrationError(
            f"The migration {file_name(source)} {verb} on the database "
            f"{self.database.identifier!r}{step}: {_told(cause)} {left}"
        )

    def _what_stayed(self, migration: Migration) -> str:
        made = migration.steps.made
        if not made:
            return "It had changed nothing before that."
        why = "It runs outside of a transaction"
        if not self.database.capabilities.transactional_ddl:
            why = f"A {self.database.dialect.name} database cannot undo changes of tables"
        listed = " ".join(f"{number}. {sql};" for number, sql in enumerate(made, 1))
        return (
            f"{why}, so what it did before that has stayed ({len(made)} statements): {listed} The "
            "migration does not count as run: undo these by hand, or make the steps ask first "
            "(`if not await self.table_exists(…)`), and migrate again."
        )


def file_name(source: MigrationSource) -> str:
    """The name of the file that *source* came from."""
    return f"{source.version}_{source.name}.py"


def known_target(target: str, versions: Sequence[str]) -> str:
    """*target* if it is a version, or 0 for before the first one.

    Raises:
        MigrationError: with the versions that come close.
    """
    if target in ("0", *versions):
        return target
    raise MigrationError(
        f"There is no migration with the version {target!r}. {suggestion(target, versions)} "
        "0 undoes all; `velocious db:status` lists them."
    )


async def _call(migration: Migration, direction: Direction) -> None:
    await (migration.up() if direction == "up" else migration.down())
    migration.steps.check_finished()


def _finished(event: StepEvent, seconds: float) -> StepEvent:
    return StepEvent(
        event.database,
        event.version,
        event.name,
        event.direction,
        "finished",
        event.number,
        event.total,
        seconds,
    )


def _told(cause: Exception) -> str:
    text = str(cause).rstrip()
    told = text if isinstance(cause, MigrationError) else f"{type(cause).__name__}: {text}"
    return told if told.endswith((".", "!", "?")) else f"{told}."
