"""The environment handler of a browser worker: the ports of a page that runs Python."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn

from velocious.clock import SystemClock
from velocious.errors import NotAvailableHereError
from velocious_browser.changes import TabChanges
from velocious_browser.command_words import ConsoleWords
from velocious_browser.database.sqlite import BrowserSqliteDriverFactory
from velocious_browser.files import BrowserFiles
from velocious_browser.interop import Host, console_host
from velocious_browser.logging import ConsoleLogSink
from velocious_browser.modules import import_folder, make_importable

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from velocious.clock import Clock
    from velocious.command_words import CommandWords
    from velocious.configuration import Configuration
    from velocious.database.driver import DriverFactory
    from velocious.files import ByteFiles, Files, ScratchFile
    from velocious.logging import LogSink
    from velocious.migration.provider import MigrationProvider
    from velocious.served_files import ServedFiles
    from velocious_browser.cipher import JarCipher
    from velocious_browser.http.client import BrowserHttpClient
    from velocious_browser.realtime.crypto import BrowserCrypto

DURABLE = "/opfs/"


class BrowserEnvironmentHandler:
    """What a browser worker offers an application.

    Arguments:
        database_directory: where databases and written files go; durable below ``/opfs``.
        host: the page around the worker; by default only its console.
        words: how messages tell the person at the page to run a command.
    """

    name = "browser"

    def __init__(
        self,
        database_directory: str = "/opfs",
        host: Host | None = None,
        words: CommandWords | None = None,
    ) -> None:
        self.database_directory = database_directory
        self.host = host or Host(console_host())
        self._words = words or ConsoleWords()

    def files(self, directory: str | None) -> Files:
        bundle = None if directory is None else os.path.abspath(directory)
        if bundle is not None and bundle.startswith(DURABLE):
            # An application that lives on the durable storage itself needs no second place.
            return BrowserFiles(bundle)
        return BrowserFiles(self.database_directory, bundle)

    def byte_files(self, directory: str | None) -> ByteFiles:
        # Imported here: an application without attachments does not wait for it.
        from velocious_browser.byte_files import byte_files

        return byte_files(self.host, self.database_directory)

    def served_files(self, directory: str | None) -> ServedFiles:
        # Imported here: most applications send no files of their own.
        from velocious_browser.served_files import BrowserServedFiles

        return BrowserServedFiles(directory)

    async def scratch_file(self) -> ScratchFile:
        # Imported here: only large uploads need it.
        from velocious_browser.scratch_file import open_scratch_file

        return await open_scratch_file(self.host, self.database_directory)

    def log_sink(self, directory: str | None) -> LogSink:
        return ConsoleLogSink(self.host)

    def clock(self) -> Clock:
        return SystemClock()

    def drivers(self) -> dict[str, DriverFactory]:
        return {"sqlite": BrowserSqliteDriverFactory(self.host)}

    def change_carrier(self) -> TabChanges:
        return TabChanges(self.host)

    def command_words(self) -> CommandWords:
        return self._words

    def migrations(self, directory: str | None) -> MigrationProvider:
        # Imported here: most pages start without a migration to run.
        from velocious_browser.migration.bundled import BundledMigrations

        return BundledMigrations(directory)

    def password_hasher(self) -> NoReturn:
        # Pyodide has no slow hash, and whoever owns the page could read what it made.
        raise NotAvailableHereError(
            "Hashing and checking passwords",
            environment="browser",
            instead="Send the password to the server over HTTPS and let it answer.",
        )

    def http_client(self) -> BrowserHttpClient:
        # Imported here: most pages ask their own application alone.
        from velocious_browser.http.client import BrowserHttpClient

        return BrowserHttpClient()

    def realtime_provider(self, redis: object) -> NoReturn:
        raise NotAvailableHereError(
            "Connecting processes through Redis",
            environment="browser",
            instead="Leave realtime={'redis': …} to the server's configuration.",
        )

    def realtime_emitter(self, redis: object) -> NoReturn:
        raise NotAvailableHereError(
            "Publishing through Redis",
            environment="browser",
            instead="Let the server publish: ask it with a request.",
        )

    def cipher(self) -> JarCipher:
        # Imported here: most pages keep no sessions.
        from velocious_browser.cipher import JarCipher

        return JarCipher()

    def crypto(self) -> BrowserCrypto:
        # Imported here: most pages leave the encryption to TLS.
        from velocious_browser.realtime.crypto import BrowserCrypto

        return BrowserCrypto()

    def own_secret(self, directory: str | None, environment: str) -> str | None:
        from velocious_browser.own_secret import own_secret

        return self.host.secret or own_secret(self.files(directory))

    def import_application(self, directory: str) -> None:
        make_importable(directory)
        import_folder(directory, "app/models")

    def import_folder(self, directory: str, folder: str) -> None:
        import_folder(directory, folder)

    def web_routes(self, configuration: Configuration) -> list[BaseRoute]:
        # Files come from the server or the service worker, not from the application.
        return []
