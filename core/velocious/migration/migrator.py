"""Brings the databases of a configuration to the schema its migrations describe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, MigrationError, suggestion
from velocious.migration.currency import migrated_databases
from velocious.migration.database_migrator import DatabaseMigrator, file_name, known_target
from velocious.migration.structure import dump_structure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.configuration import Configuration
    from velocious.database.database import Database
    from velocious.migration.database_migrator import OnStep
    from velocious.migration.events import MigrationStatus, StepEvent
    from velocious.migration.provider import MigrationProvider, MigrationSource

    type Run = Callable[[DatabaseMigrator], Awaitable[list[StepEvent]]]


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
        write_structure: whether ``db/structure-<identifier>.sql`` is written afterwards; by default
            it is for an application on a server, except in the environment ``test``.
    """

    def __init__(
        self,
        configuration: Configuration,
        *identifiers: str,
        provider: MigrationProvider | None = None,
        on_step: OnStep | None = None,
        write_structure: bool | None = None,
    ) -> None:
        self._configuration = configuration
        self._provider = provider or configuration.migration_provider()
        self._on_step = on_step
        self._write_structure = (
            _keeps_structure(configuration) if write_structure is None else write_structure
        )
        self._databases = _chosen(configuration, identifiers)

    # Running

    async def migrate(self, target: str | int | None = None) -> list[StepEvent]:
        """Run every pending migration, or go to the version *target* (undoing what is beyond it).

        Returns what was done. Raises MigrationError; the failed migration has then left nothing.
        """
        migrators = self._migrators()
        version = None if target is None else self._known_target(str(target), migrators)
        return await self._with_structure(migrators, lambda one: one.migrate(version))

    async def rollback(self, steps: int = 1) -> list[StepEvent]:
        """Undo the newest *steps* migrations of each database."""
        _check_steps(steps)
        return await self._with_structure(self._migrators(), lambda one: one.rollback(steps))

    async def redo(self, steps: int = 1) -> list[StepEvent]:
        """Undo the newest *steps* migrations of each database and run them again."""
        _check_steps(steps)
        return await self._with_structure(self._migrators(), lambda one: one.redo(steps))

    # Questions

    async def status(self) -> list[MigrationStatus]:
        """Every migration that exists or has run, by database and version."""
        return [status for one in self._migrators() for status in await one.status()]

    async def pending(self) -> list[MigrationSource]:
        """The migrations that some database still lacks, by version."""
        sources = {
            source.version: source for one in self._migrators() for source in await one.pending()
        }
        return [sources[version] for version in sorted(sources)]

    async def version(self) -> str | None:
        """The newest version that has run on the (first) database; None before the first."""
        for migrator in self._migrators():
            return max(await migrator.ledger.applied(), default=None)
        return None

    # Doing it

    def _migrators(self) -> list[DatabaseMigrator]:
        sources = self._provider.sources()
        self._check_databases(sources)
        clock = self._configuration.clock
        return [
            DatabaseMigrator(database, sources, clock, self._on_step)
            for database in self._databases
        ]

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

    async def _with_structure(self, migrators: list[DatabaseMigrator], run: Run) -> list[StepEvent]:
        done: list[StepEvent] = []
        for migrator in migrators:
            events = await run(migrator)
            done += events
            if events and self._write_structure:
                await dump_structure(migrator.database, self._configuration.files)
        return done


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
