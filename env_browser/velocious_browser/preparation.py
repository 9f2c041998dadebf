"""Makes the database of this browser ready for the first request that it answers.

Law: nobody is there to run ``db:migrate``, so what is pending runs; a seed runs once, on a database
that nothing has run on before, and only where the application sends ``app/db/seed.py`` here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.migration import is_current

if TYPE_CHECKING:
    from velocious.progress import Report
    from velocious_browser.application import Application

#: The step under which the page hears of it.
STEP = "database"


async def prepare_database(application: Application, *, seed: bool = True) -> None:
    """Migrate what is pending, and (with *seed*) seed a database that was empty."""
    configuration = application.configuration
    if await is_current(configuration):
        return
    from velocious.migration import Migrator

    application.host.progress(STEP, "Preparing the database", 0, 0)
    migrator = Migrator(configuration)
    is_new = await migrator.version() is None
    await migrator.migrate()
    # The tables were not there when the application was opened.
    await configuration.models.load()
    if is_new and seed:
        await _seed(application)


async def _seed(application: Application) -> None:
    from velocious.cli.output import TextOutput
    from velocious.cli.seeding import PATH, seed

    if not application.configuration.files.exists(PATH):
        return

    def report(told: Report) -> None:
        application.host.progress(STEP, told.label, told.done, told.total or 0)

    await seed(application.configuration, TextOutput(report))
