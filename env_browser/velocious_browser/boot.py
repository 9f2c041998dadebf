"""What the server told this page: which application, where it is, where its data goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from velocious.errors import ConfigurationError

PROTOCOL = 1


@dataclass(frozen=True, slots=True)
class Boot:
    """``boot.json``, as far as Python needs it.

    Attributes:
        app_id: the name all storage of the application carries.
        environment: ``"development"``, ``"test"``, ``"production"``.
        entry: the module whose ``configuration(environment_handler)`` makes the configuration, or
            None for a page that brings no application.
        directory: where the application's files were unpacked.
        database_directory: where databases lie; below ``/opfs`` they are durable.
        migrate: whether the page wants its database up to date before it hears of the application.
        given: everything the server sent, extra keys included.
    """

    app_id: str
    environment: str
    entry: str | None
    directory: str
    database_directory: str
    migrate: bool
    given: dict[str, Any]


def read_boot(text: str) -> Boot:
    """Boot from the JSON text that the worker hands over.

    Raises:
        ConfigurationError: the server speaks another protocol than this package.
    """
    given: dict[str, Any] = json.loads(text)
    protocol = given.get("protocol")
    if protocol != PROTOCOL:
        raise ConfigurationError(
            f"boot.json has the protocol {protocol!r}, but this Velocious speaks {PROTOCOL}. "
            "Reload the page without its cache, and give server and page the same version: "
            "`pip install --upgrade velocious velocious-runtime`."
        )
    app: dict[str, Any] = given.get("app") or {}
    return Boot(
        app_id=given["appId"],
        environment=given.get("environment", "development"),
        entry=app.get("entry"),
        directory=app.get("directory", "/app"),
        database_directory=given["databaseDirectory"],
        migrate=given.get("migrate") is True,
        given=given,
    )
