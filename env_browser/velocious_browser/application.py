"""The application of this page, opened: its configuration on the database of this browser."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from velocious.configuration import Configuration
from velocious.errors import ConfigurationError
from velocious_browser import missing_modules, storage
from velocious_browser.boot import read_boot
from velocious_browser.handler import BrowserEnvironmentHandler
from velocious_browser.interop import Host
from velocious_browser.modules import import_bundled, import_folder, make_importable

if TYPE_CHECKING:
    from velocious.command_words import CommandWords
    from velocious_browser.boot import Boot
    from velocious_browser.interop import JsHost


class Application:
    """A running application.

    Attributes:
        configuration: opened; also what ``Configuration.current()`` returns.
        boot: what the server said about this page.
        host: the page around us.
        storage: how safe the data is.
    """

    def __init__(self, configuration: Configuration, boot: Boot, host: Host) -> None:
        self.configuration = configuration
        self.boot = boot
        self.host = host
        self.storage = storage.Storage(host)

    async def close(self) -> None:
        """Close the databases; the files may be opened by another tab afterwards."""
        await self.configuration.close()


async def open_application(
    boot_text: str, js_host: JsHost, words: CommandWords | None = None
) -> Application:
    """Import and open the application that *boot_text* (``boot.json``) describes; *words* are those
    of :class:`BrowserEnvironmentHandler`.

    Raises:
        ConfigurationError: its configuration is missing or does not fit.
    """
    boot = read_boot(boot_text)
    host = Host(js_host)
    os.environ.setdefault("VELOCIOUS_ENV", boot.environment)
    missing_modules.install()
    handler = BrowserEnvironmentHandler(boot.database_directory, host, words)
    if host.tab.engines is None:
        host.secret = await host.tab.line.ask("secret", boot.database_directory)
    application = Application(_configuration(boot, handler), boot, host)
    storage.install(application.storage)
    await application.configuration.initialize()
    try:
        if boot.migrate:
            # Imported here: a page that never asks for it does not wait for it.
            from velocious_browser.preparation import prepare_database

            await prepare_database(application, seed=False)
        if boot.entry is not None:
            import_folder(boot.directory, "app/actions")
    except BaseException:
        await application.close()
        raise
    return application


def _configuration(boot: Boot, handler: BrowserEnvironmentHandler) -> Configuration:
    if boot.entry is None:
        return Configuration(environment_handler=handler, environment=boot.environment)
    make_importable(boot.directory)
    module = import_bundled(boot.entry)
    make = getattr(module, "configuration", None)
    if not callable(make):
        raise ConfigurationError(
            f"The module {boot.entry!r} has no function configuration(environment_handler). Write: "
            "`def configuration(environment_handler): return "
            "Configuration(environment_handler=environment_handler, …)`."
        )
    made = make(handler)
    if not isinstance(made, Configuration):
        raise ConfigurationError(
            f"configuration() of {boot.entry!r} returned {made!r}, which is no Configuration. "
            "Return the Configuration that it makes."
        )
    return made
