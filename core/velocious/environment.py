"""The environment handler: what a place to run in (a server process, a browser worker, a test) must
offer.

Law: a handler is only a composition of ports. Each port is a small protocol owned by its own
domain; this file names them and nothing else. The handler is passed to
:class:`velocious.Configuration`, never detected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.routing import BaseRoute

    from velocious.cipher import Cipher
    from velocious.clock import Clock
    from velocious.command_words import CommandWords
    from velocious.configuration import Configuration
    from velocious.database.change_carrier import ChangeCarrier
    from velocious.database.driver import DriverFactory
    from velocious.files import ByteFiles, Files, ScratchFile
    from velocious.http_client import HttpClient
    from velocious.logging import LogSink
    from velocious.migration.provider import MigrationProvider
    from velocious.password_hasher import PasswordHasher
    from velocious.realtime.emitter import StandaloneEmitter
    from velocious.realtime.encryption.crypto import Crypto
    from velocious.realtime.providers.base import Provider
    from velocious.served_files import ServedFiles


class EnvironmentHandler(Protocol):
    """The ports of one environment.

    Attributes:
        name: ``"node"`` for a server process, ``"browser"`` for a Pyodide worker, ``"test"`` for
            tests.
    """

    name: str

    def files(self, directory: str | None) -> Files:
        """The files of the application rooted at *directory* (``None``: used as a library, no
        application).
        """
        ...

    def byte_files(self, directory: str | None) -> ByteFiles:
        """The same place, for files of any size (attachments)."""
        ...

    def served_files(self, directory: str | None) -> ServedFiles:
        """The files that controllers may send."""
        ...

    async def scratch_file(self) -> ScratchFile:
        """A new place for bytes of any size that nobody keeps (uploads while a request runs)."""
        ...

    def log_sink(self, directory: str | None) -> LogSink: ...

    def clock(self) -> Clock: ...

    def drivers(self) -> dict[str, DriverFactory]:
        """URL scheme (``"sqlite"``) → what makes a driver from the parsed database settings."""
        ...

    def change_carrier(self) -> ChangeCarrier | None:
        """What tells others with the same databases of changes; None where there are none."""
        ...

    def migrations(self, directory: str | None) -> MigrationProvider: ...

    def command_words(self) -> CommandWords:
        """How messages tell a person to run a command."""
        ...

    def password_hasher(self) -> PasswordHasher:
        """What makes digests of passwords. Raises NotAvailableHereError outside of servers."""
        ...

    def cipher(self) -> Cipher:
        """What seals encrypted cookies and sessions."""
        ...

    def crypto(self) -> Crypto:
        """What encrypts the frames of sockets."""
        ...

    def http_client(self) -> HttpClient:
        """What sends requests to other servers."""
        ...

    def realtime_provider(self, redis: str | Mapping[str, Any]) -> Provider:
        """What connects the processes of an application through Redis. Raises ConfigurationError
        for settings that make no sense, and NotAvailableHereError outside of servers.
        """
        ...

    def realtime_emitter(self, redis: str | Mapping[str, Any]) -> StandaloneEmitter:
        """What publishes through Redis where there is no application. Raises as
        :meth:`realtime_provider` does.
        """
        ...

    def own_secret(self, directory: str | None, environment: str) -> str | None:
        """The secret that this installation keeps for itself where nobody gave it one, made when
        it is first asked for; None where one must be given, as on any server in production.
        """
        ...

    def import_application(self, directory: str) -> None:
        """Make ``app.*`` of the application at *directory* importable and import its models."""
        ...

    def import_folder(self, directory: str, folder: str) -> None:
        """Import every module below *folder* (``"app/channels"``) of the application at
        *directory*; there need be none.
        """
        ...

    def web_routes(self, configuration: Configuration) -> Sequence[BaseRoute]:
        """What is answered besides the application's own routes: static files and the like."""
        ...
