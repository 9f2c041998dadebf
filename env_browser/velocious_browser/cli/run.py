"""Runs command lines in the worker: a shell's commands, with text and exit code back."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, Any

from velocious.cli.main import run
from velocious.cli.manifest import make_registry
from velocious.cli.output import TextOutput
from velocious.errors import CommandError
from velocious.progress import LineReporter
from velocious_browser.cli.commands.db_export import db_export
from velocious_browser.cli.commands.db_import import db_import
from velocious_browser.cli.commands.db_vacuum import db_vacuum
from velocious_browser.cli.commands.storage_status import storage_status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.cli.command import GlobalOptions
    from velocious.cli.registry import Registry
    from velocious.configuration import Configuration
    from velocious.progress import Report
    from velocious_browser.application import Application
    from velocious_browser.interop import Host

CONTRIBUTED = (db_export, db_import, db_vacuum, storage_status)
#: Those that need the files themselves, not only what is in the databases.
WITH_FILES = frozenset({"db:export", "db:import", "db:vacuum", "storage:status"})
#: The step under which the page hears of a command's progress.
STEP = "command"


def browser_registry() -> Registry:
    """The commands of a page: those that run everywhere, and its own."""
    return make_registry("browser", CONTRIBUTED)


async def run_line(
    application: Application, arguments: str | Sequence[str], host: Host | None = None
) -> dict[str, Any]:
    """Run a line, or its words, on the opened application; the answer has output and exitCode.

    What needs the files themselves runs in the tab that has them. *host* is the page that hears of
    it, if it is another tab's.
    """
    words = shlex.split(arguments) if isinstance(arguments, str) else list(arguments)
    if application.host.tab.engines is None and not WITH_FILES.isdisjoint(words):
        return await application.host.run_in_owner(words, _own_files(words))
    host = host or application.host
    output = page_output(host)
    code = await run(
        lambda options: _configuration(application, options),
        arguments,
        output,
        registry=browser_registry(),
        program="",
        services={"host": host},
    )
    return {"output": output.text, "exitCode": code}


def _own_files(words: Sequence[str]) -> dict[int, str]:
    """The words that name files in this tab's memory."""
    return {place: word for place, word in enumerate(words) if place and os.path.isfile(word)}


def page_output(host: Host) -> TextOutput:
    """Collects text; progress is shown by the page and leaves a line in the text when it ends."""

    def report(report: Report) -> None:
        host.progress(STEP, report.label, report.done, report.total or 0)
        write_line(report)

    output = TextOutput(report)
    write_line = LineReporter(output.write)
    return output


def _configuration(application: Application, options: GlobalOptions) -> Configuration:
    """The configuration that is open already; a page cannot change where or how it runs."""
    configuration = application.configuration
    if options.environment not in (None, configuration.environment):
        raise CommandError(
            f"This page runs in {configuration.environment!r} and cannot change to "
            f"{options.environment!r}. Start the server with VELOCIOUS_ENV={options.environment}, "
            "and reload the page."
        )
    if options.directory is not None:
        raise CommandError(
            f"A page has one application and cannot use the directory {options.directory!r}. "
            "Leave --directory out."
        )
    return configuration
