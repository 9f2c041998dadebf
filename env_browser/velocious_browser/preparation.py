"""Makes the database of this browser ready for the first page that needs it.

Law: nobody is there to run ``db:migrate``, so what is pending runs, in one tab while the others
wait; a seed runs once, on a database that nothing has run on before, and only where the application
sends ``app/db/seed.py`` here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.migration import is_current
from velocious.migration.currency import migrated_databases

if TYPE_CHECKING:
    from velocious.progress import Report
    from velocious_browser.application import Application

#: The step under which the page hears of it.
STEP = "database"
#: Held until a new database has its seeds, too.
LOCK = "velocious preparation"


async def prepare_database(application: Application, *, seed: bool = True) -> None:
    """Migrate what is pending, and (with *seed*) seed a database that was empty."""
    configuration = application.configuration
    if await is_current(configuration):
        return
    application.host.progress(STEP, "Preparing the database", 0, 0)
    databases = migrated_databases(configuration)
    async with databases[0].advisory_lock(LOCK):
        # What was known of the tables is from before the wait.
        for database in databases:
            database.invalidate()
        if not await is_current(configuration):
            await _migrate(application, seed=seed)
    # The tables were not there when the application was opened.
    await configuration.models.load()


async def _migrate(application: Application, *, seed: bool) -> None:
    from velocious.migration import Migrator

    migrator = Migrator(application.configuration)
    is_new = await migrator.version() is None
    await migrator.migrate()
    if is_new and seed:
        await application.configuration.models.load()
        await _seed(application)


async def _seed(application: Application) -> None:
    from velocious.cli.output import TextOutput
    from velocious.cli.seeding import PATH, seed

    if not application.configuration.files.exists(PATH):
        return

    def report(told: Report) -> None:
        application.host.progress(STEP, told.label, told.done, told.total or 0)

    await seed(application.configuration, TextOutput(report))
