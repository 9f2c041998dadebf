"""The environment handler of a server process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.clock import SystemClock
from velocious_node.files import NodeFiles
from velocious_node.logging import NodeLogSink
from velocious_node.modules import import_folder, make_importable

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from velocious.clock import Clock
    from velocious.configuration import Configuration
    from velocious.database.driver import DriverFactory
    from velocious.files import ByteFiles, Files
    from velocious.logging import LogSink
    from velocious.migration.provider import MigrationProvider
    from velocious_node.passwords.hasher import NodePasswordHasher
    from velocious_node.settings import LogSettings, PasswordSettings


class NodeEnvironmentHandler:
    """What a CPython process offers an application.

    Arguments:
        log: where it logs; console and ``log/<environment>.log`` by default.
        passwords: what digests of passwords cost; the defaults suit a server.
    """

    name = "node"

    def __init__(
        self, *, log: LogSettings | None = None, passwords: PasswordSettings | None = None
    ) -> None:
        self._log = log
        self._passwords = passwords
        self._hasher: NodePasswordHasher | None = None

    def files(self, directory: str | None) -> Files:
        return NodeFiles(directory)

    def byte_files(self, directory: str | None) -> ByteFiles:
        # Imported here: an application without attachments needs no threads for them.
        from velocious_node.byte_files import NodeByteFiles

        return NodeByteFiles(directory)

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

    def migrations(self, directory: str | None) -> MigrationProvider:
        from velocious_node.migration.files import FileMigrations

        return FileMigrations(directory)

    def password_hasher(self) -> NodePasswordHasher:
        if self._hasher is None:
            # Imported here: few programs check passwords.
            from velocious_node.passwords.hasher import NodePasswordHasher

            self._hasher = NodePasswordHasher(self._passwords)
        return self._hasher

    def import_application(self, directory: str) -> None:
        make_importable(directory)
        import_folder(directory, "app/models")

    def web_routes(self, configuration: Configuration) -> list[BaseRoute]:
        # Imported here: only a server needs the web framework.
        from velocious_node.http.web_routes import web_routes

        return web_routes(configuration)
