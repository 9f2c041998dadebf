"""Brings the databases of a configuration to the schema its migrations describe."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Literal

from velocious.errors import (
    ConfigurationError,
    MigrationError,
    PendingMigrationsError,
    suggestion,
)
from velocious.migration.currency import migrated_databases
from velocious.migration.database_migrator import DatabaseMigrator
from velocious.migration.failures import file_name, known_target
from velocious.migration.notices import notices
from velocious.migration.structure import dump_structure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from velocious.configuration import Configuration
    from velocious.database.database import Database
    from velocious.migration.events import (
        Direction,
        MigrationStatus,
        Notice,
        PlannedStep,
        StepEvent,
    )
    from velocious.migration.provider import MigrationProvider, MigrationSource
    from velocious.migration.running import OnStep
    from velocious.progress import Progress

    type Plan = Callable[[DatabaseMigrator], Awaitable[Sequence[tuple[MigrationSource, Direction]]]]
    type OnNotice = Callable[[Notice], object]

_log = logging.getLogger("velocious.migration")

#: Seconds to wait for somebody else who migrates.
LOCK_TIMEOUT = 600.0
#: Notices that ``strict`` makes errors of.
_STRICT = ("edited", "missing")


class Migrator:
    """Runs migrations and undoes them.

    ::

        migrator = Migrator(configuration, on_step=lambda event: print(event.name, event.state))
        await migrator.migrate()
        await migrator.rollback()

    Arguments:
        identifiers: the databases meant; by default all that migrations run on.
        provider: where migrations come from, if not from the application.
        on_step: called when a migration begins and when it has ended.
        on_notice: called for what is odd about the migrations; by default it is logged.
        progress: told how far long steps of migrations are.
        write_structure: whether ``db/structure-<identifier>.sql`` is written afterwards; by default
            it is for an application on a server, except in the environment ``test``.
        lock_timeout: seconds to wait for somebody else who migrates the same database; None for as
            long as it takes.
    """

    def __init__(
        self,
        configuration: Configuration,
        *identifiers: str,
        provider: MigrationProvider | None = None,
        on_step: OnStep | None = None,
        on_notice: OnNotice | None = None,
        progress: Progress | None = None,
        write_structure: bool | None = None,
        lock_timeout: float | None = LOCK_TIMEOUT,
    ) -> None:
        self._configuration = configuration
        self._provider = provider or configuration.migration_provider()
        self._on_step = on_step
        self._on_notice = on_notice or _logged
        self._progress = progress
        self._write_structure = (
            _keeps_structure(configuration) if write_structure is None else write_structure
        )
        self._lock_timeout = lock_timeout
        self._databases = _chosen(configuration, identifiers)

    # Running

    async def migrate(
        self, target: str | int | None = None, *, strict: bool = False
    ) -> list[StepEvent]:
        """Run every pending migration, or go to the version *target* (undoing what is beyond it).

        Returns what was done. Raises MigrationError; the failed migration has then left nothing.
        With *strict*, also where one was edited since it ran, or has lost its file.
        """
        migrators = self._migrators()
        version = None if target is None else self._known_target(str(target), migrators)
        await self._tell_notices(migrators, strict=strict)
        return await self._run(migrators, lambda one: one.to_migrate(version))

    async def rollback(self, steps: int = 1) -> list[StepEvent]:
        """Undo the newest *steps* migrations of each database."""
        _check_steps(steps)
        return await self._run(self._migrators(), lambda one: one.to_roll_back(steps))

    async def redo(self, steps: int = 1) -> list[StepEvent]:
        """Undo the newest *steps* migrations of each database and run them again."""
        _check_steps(steps)
        return await self._run(self._migrators(), lambda one: one.to_redo(steps))

    async def up(self, version: str | int) -> list[StepEvent]:
        """Run one migration, unless it has run."""
        return await self._move(str(version), "up")

    async def down(self, version: str | int) -> list[StepEvent]:
        """Undo one migration, if it has run."""
        return await self._move(str(version), "down")

    async def resolve(self, version: str | int, *, applied: bool) -> None:
        """Say what became of a migration that was interrupted outside of a transaction.

        Raises:
            MigrationError: none of that version was.
        """
        failed: MigrationError | None = None
        resolved = False
        for migrator in self._migrators():
            try:
                async with migrator.turn():
                    await migrator.resolve(str(version), applied=applied)
                resolved = True
            except MigrationError as error:
                failed = failed or error
        if not resolved and failed is not None:
            raise failed

    # Questions

    async def status(self) -> list[MigrationStatus]:
        """Every migration that exists or has run, by database and version."""
        return [status for one in self._migrators() for status in await one.status()]

    async def notices(self) -> list[Notice]:
        """What is odd about the migrations: edited, missing, out of order."""
        return notices(await self.status())

    async def pending(self) -> list[MigrationSource]:
        """The migrations that some database still lacks, by version."""
        sources = {
            source.version: source for one in self._migrators() for source in await one.pending()
        }
        return [sources[version] for version in sorted(sources)]

    async def require_current(self) -> None:
        """Raise PendingMigrationsError where some migration has not run."""
        pending = await self.pending()
        if pending:
            raise PendingMigrationsError([file_name(source) for source in pending])

    async def version(self) -> str | None:
        """The newest version that has run on the (first) database; None before the first."""
        for migrator in self._migrators():
            return max(await migrator.ledger.applied(), default=None)
        return None

    async def plan(
        self,
        target: str | int | None = None,
        *,
        kind: Literal["migrate", "rollback"] = "migrate",
        steps: int = 1,
    ) -> list[PlannedStep]:
        """What :meth:`migrate` (or :meth:`rollback`) would do, with its SQL; nothing is changed.

        The migrations run on an empty copy of the schema, so that a question about rows is answered
        as if there were none.
        """
        # Imported here: few ever ask.
        from velocious.migration.planning import planned_steps

        migrators = self._migrators()
        version = None if target is None else self._known_target(str(target), migrators)
        found: list[PlannedStep] = []
        for one in migrators:
            todo = (
                await one.to_migrate(version)
                if kind == "migrate"
                else await one.to_roll_back(steps)
            )
            found += await planned_steps(one, todo)
        return found

    # Doing it

    def _migrators(self) -> list[DatabaseMigrator]:
        sources = self._provider.sources()
        self._check_databases(sources)
        clock = self._configuration.clock
        return [
            DatabaseMigrator(
                database,
                sources,
                clock,
                self._on_step,
                progress=self._progress,
                lock_timeout=self._lock_timeout,
            )
            for database in self._databases
        ]

    async def _move(self, version: str, direction: Direction) -> list[StepEvent]:
        migrators = self._migrators()
        known = self._known_target(version, migrators)
        if known == "0":
            raise MigrationError("0 is no migration. Name the version of one: 14 digits.")
        meant = [one for one in migrators if known in one.sources]
        return await self._run(meant, lambda one: one.to_move(known, direction))

    def _known_target(self, target: str, migrators: list[DatabaseMigrator]) -> str:
        return known_target(target, sorted({v for one in migrators for v in one.sources}))

    def _check_databases(self, sources: list[MigrationSource]) -> None:
        known = self._configuration.databases
        for source in sources:
            for identifier in source.migration.on_databases:
                if identifier not in known:
                    raise MigrationError(
                        f"{file_name(source)} runs on the database {identifier!r}, which is not "
                        f"configured. {suggestion(identifier, known)} Correct on_databases = (…)."
                    )

    async def _tell_notices(self, migrators: list[DatabaseMigrator], *, strict: bool) -> None:
        found = notices([status for one in migrators for status in await one.status()])
        wrong = [notice for notice in found if strict and notice.kind in _STRICT]
        if wrong:
            raise MigrationError(
                "Nothing was migrated, because it was to be strict. "
                + " ".join(notice.text for notice in wrong)
            )
        for notice in found:
            self._on_notice(notice)

    async def _run(self, migrators: list[DatabaseMigrator], plan: Plan) -> list[StepEvent]:
        done: list[StepEvent] = []
        for migrator in migrators:
            if not await plan(migrator) and await migrator.marks.interrupted() is None:
                continue
            async with migrator.turn():
                # Again: somebody else may have done it while we waited.
                events = await migrator.run(await plan(migrator))
            done += events
            if events and self._write_structure:
                await dump_structure(migrator.database, self._configuration.files)
        return done


def _logged(notice: Notice) -> None:
    _log.warning("%s", notice.text)


def _chosen(configuration: Configuration, identifiers: tuple[str, ...]) -> list[Database]:
    if not identifiers:
        return migrated_databases(configuration)
    chosen = [configuration.database(identifier) for identifier in identifiers]
    for database in chosen:
        if database.settings.read_only or not database.settings.migrations:
            reason = "read_only" if database.settings.read_only else "without migrations"
            raise ConfigurationError(
                f"The database {database.identifier!r} is configured {reason}, so nothing migrates "
                "it. Change its settings in Configuration(databases={…})."
            )
    return chosen


def _keeps_structure(configuration: Configuration) -> bool:
    return (
        configuration.directory is not None
        and configuration.environment != "test"
        and configuration.environment_handler.name == "node"
    )


def _check_steps(steps: int) -> None:
    if steps < 1:
        raise MigrationError(f"{steps!r} steps cannot be rolled back. Give a number from 1 on.")
