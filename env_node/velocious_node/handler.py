"""The environment handler of a server process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.clock import SystemClock
from velocious.command_words import ShellWords
from velocious_node.files import NodeFiles
from velocious_node.logging import NodeLogSink
from velocious_node.modules import import_folder, make_importable
from velocious_node.settings import ServerSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.routing import BaseRoute

    from velocious.clock import Clock
    from velocious.configuration import Configuration
    from velocious.database.driver import DriverFactory
    from velocious.files import ByteFiles, Files, ScratchFile
    from velocious.logging import LogSink
    from velocious.migration.provider import MigrationProvider
    from velocious.realtime.emitter import StandaloneEmitter
    from velocious.realtime.providers.base import Provider
    from velocious.served_files import ServedFiles
    from velocious_node.cipher import AesCipher
    from velocious_node.http.client import NodeHttpClient
    from velocious_node.passwords.hasher import NodePasswordHasher
    from velocious_node.realtime.crypto import NodeCrypto
    from velocious_node.settings import LogSettings, PasswordSettings


class NodeEnvironmentHandler:
    """What a CPython process offers an application.

    Arguments:
        log: where it logs; console and ``log/<environment>.log`` by default.
        passwords: what digests of passwords cost; the defaults suit a server.
        server: the limits of `velocious server`.

    Attributes:
        server: the limits of `velocious server`.
    """

    name = "node"

    def __init__(
        self,
        *,
        log: LogSettings | None = None,
        passwords: PasswordSettings | None = None,
        server: ServerSettings | None = None,
    ) -> None:
        self.server = server or ServerSettings()
        self._log = log
        self._passwords = passwords
        self._hasher: NodePasswordHasher | None = None

    def files(self, directory: str | None) -> Files:
        return NodeFiles(directory)

    def byte_files(self, directory: str | None) -> ByteFiles:
        # Imported here: an application without attachments needs no threads for them.
        from velocious_node.byte_files import NodeByteFiles

        return NodeByteFiles(directory)

    def served_files(self, directory: str | None) -> ServedFiles:
        # Imported here: most applications send no files of their own.
        from velocious_node.served_files import NodeServedFiles

        return NodeServedFiles(directory)

    async def scratch_file(self) -> ScratchFile:
        from velocious_node.scratch_file import open_scratch_file

        return await open_scratch_file()

    def log_sink(self, directory: str | None) -> LogSink:
        return NodeLogSink(directory, self._log)

    def clock(self) -> Clock:
        return SystemClock()

    def drivers(self) -> dict[str, DriverFactory]:
        # Imported here: `velocious --help` and the generators need no database.
        from velocious_node.database.mysql import NodeMysqlDriverFactory
        from velocious_node.database.postgresql import NodePostgresqlDriverFactory
        from velocious_node.database.sqlite import NodeSqliteDriverFactory

        return {
            "sqlite": NodeSqliteDriverFactory(),
            "postgresql": NodePostgresqlDriverFactory(),
            "mysql": NodeMysqlDriverFactory(),
        }

    def change_carrier(self) -> None:
        # One process hears of its own changes.
        return None

    def command_words(self) -> ShellWords:
        return ShellWords()

    def migrations(self, directory: str | None) -> MigrationProvider:
        from velocious_node.migration.files import FileMigrations

        return FileMigrations(directory)

    def password_hasher(self) -> NodePasswordHasher:
        if self._hasher is None:
            # Imported here: few programs check passwords.
            from velocious_node.passwords.hasher import NodePasswordHasher

            self._hasher = NodePasswordHasher(self._passwords)
        return self._hasher

    def cipher(self) -> AesCipher:
        # Imported here: most programs encrypt nothing.
        from velocious_node.cipher import AesCipher

        return AesCipher()

    def crypto(self) -> NodeCrypto:
        # Imported here: most applications leave the encryption to TLS.
        from velocious_node.realtime.crypto import NodeCrypto

        return NodeCrypto()

    def http_client(self) -> NodeHttpClient:
        # Imported here: most applications ask no other server.
        from velocious_node.http.client import NodeHttpClient

        return NodeHttpClient()

    def realtime_provider(self, redis: str | Mapping[str, Any]) -> Provider:
        # Imported here: one process alone needs no Redis.
        from velocious_node.realtime.redis_settings import provider_from

        return provider_from(redis)

    def realtime_emitter(self, redis: str | Mapping[str, Any]) -> StandaloneEmitter:
        from velocious_node.realtime.redis_settings import emitter_from

        return emitter_from(redis)

    def own_secret(self, directory: str | None, environment: str) -> str | None:
        from velocious_node.own_secret import own_secret

        return own_secret(directory, environment)

    def import_application(self, directory: str) -> None:
        make_importable(directory)
        import_folder(directory, "app/models")

    def import_folder(self, directory: str, folder: str) -> None:
        import_folder(directory, folder)

    def web_routes(self, configuration: Configuration) -> list[BaseRoute]:
        # Imported here: only a server needs the web framework.
        from velocious_node.http.web_routes import web_routes

        return web_routes(configuration)
