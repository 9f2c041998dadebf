"""``boot.json``: what a page needs to start this application."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from velocious.errors import ConfigurationError
from velocious_node.browser.runtime_folder import is_own

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious_node.browser.runtime_folder import RuntimeFolder
    from velocious_node.browser.scripts import Scripts
    from velocious_node.browser.snapshot import Snapshot

PROTOCOL = 1
MIGRATIONS = "app/db/migrations"
ENTRY_FILE = "app/config/configuration.py"
ENTRY_MODULE = "app.config.configuration"


def boot_document(
    configuration: Configuration,
    runtime: RuntimeFolder,
    snapshot: Snapshot,
    scripts: Scripts,
    prefix: str,
) -> dict[str, Any]:
    """The document, with addresses below *prefix* (``"/velocious/"``)."""
    app_id = application_id(configuration)
    base = f"{prefix}runtime/{runtime.digest}/"
    return {
        "protocol": PROTOCOL,
        "appId": app_id,
        "environment": configuration.environment,
        "runtime": {"base": base, **runtime.manifest["boot"]},
        "js": f"{prefix}js/{scripts.digest}/",
        "archives": [
            _archive(archive, base, prefix, snapshot)
            for archive in runtime.manifest["archives"]
            if not (snapshot.own and is_own(archive) and archive["name"] not in snapshot.own)
        ],
        "app": _application(snapshot, prefix),
        "schema": _newest_migration(snapshot),
        "databaseDirectory": f"/opfs/{app_id}",
        "allowVolatile": False,
        "devtools": configuration.devtools is not False,
        "memorySnapshot": configuration.memory_snapshot,
    }


def application_id(configuration: Configuration) -> str:
    """The name that all of the application's storage in a browser carries."""
    if configuration.name is not None:
        return configuration.name
    directory = Path(configuration.directory or ".").resolve()
    return re.sub(r"[^a-z0-9_-]+", "-", directory.name.lower()).strip("-") or "velocious"


def _archive(archive: dict[str, Any], base: str, prefix: str, snapshot: Snapshot) -> dict[str, Any]:
    described = {name: archive[name] for name in ("name", "size", "lazy", "modules")}
    own = snapshot.own.get(archive["name"])
    if own is not None:
        url = f"{prefix}source/{own.digest}.zip"
        return {**described, "url": url, "size": len(own.content)}
    return {**described, "url": f"{base}{archive['path']}?v={archive['sha256'][:16]}"}


def _newest_migration(snapshot: Snapshot) -> str:
    """Its version. Of two versions of an application, the one with the newer migration is newer."""
    start = f"{MIGRATIONS}/"
    names = (name for name in snapshot.application_names if name.startswith(start))
    return max((name.removeprefix(start).partition("_")[0] for name in names), default="")


def _application(snapshot: Snapshot, prefix: str) -> dict[str, Any] | None:
    if snapshot.application is None:
        return None
    if ENTRY_FILE not in snapshot.application_names:
        raise ConfigurationError(
            f"browser lists {len(snapshot.application_names)} files, but {ENTRY_FILE!r} is not "
            "among "
            'them, so a page could not open the application. Add it: browser=["app/config", …].'
        )
    return {
        "url": f"{prefix}app/{snapshot.application.digest}.zip",
        "size": len(snapshot.application.content),
        "entry": ENTRY_MODULE,
        "directory": "/app",
    }
