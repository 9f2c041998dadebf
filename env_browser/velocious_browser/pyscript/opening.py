"""Opens the application of this origin for a script."""

from __future__ import annotations

from contextvars import copy_context
from typing import TYPE_CHECKING

from velocious_browser.application import open_application
from velocious_browser.command_words import ScriptWords
from velocious_browser.interop import page_globals

if TYPE_CHECKING:
    from contextvars import Context

    from velocious_browser.application import Application

_opened: list[Application] = []
_contexts: list[Context] = []


async def application() -> Application:
    """The application, opened when it is first asked for; its database is left as it is.

    Raises:
        NotAvailableHereError: the page does not load Velocious' interpreter.
    """
    if not _opened:
        boot_text, js_host = page_globals()
        _opened.append(await open_application(boot_text, js_host, ScriptWords()))
        _contexts.append(copy_context())
    return _opened[0]


async def mount(*, seed: bool = True) -> Application:
    """The application, opened, on a database that is up to date; import models after it.

    Arguments:
        seed: whether ``app/db/seed.py`` fills a new database, where the browser gets that file.

    Raises:
        NotAvailableHereError: the page does not load Velocious' interpreter.
    """
    from velocious_browser.preparation import prepare_database

    opened = await application()
    await prepare_database(opened, seed=seed)
    return opened


def context() -> Context:
    """A copy of the context that the application was opened in: JavaScript enters without one."""
    return _contexts[0].copy() if _contexts else copy_context()
