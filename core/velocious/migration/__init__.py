"""Migrations: steps of a schema, and what runs them.

Law: asking whether a database is current imports nothing of what migrations are written with. A
page asks at every start, and there is hardly ever one to run.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.migration.currency import is_current as is_current
    from velocious.migration.events import MigrationStatus as MigrationStatus
    from velocious.migration.events import StepEvent as StepEvent
    from velocious.migration.migration import Migration as Migration
    from velocious.migration.migrator import Migrator as Migrator
    from velocious.sql.definitions import sql as sql

_HOMES = {
    "Migration": "velocious.migration.migration",
    "MigrationStatus": "velocious.migration.events",
    "Migrator": "velocious.migration.migrator",
    "StepEvent": "velocious.migration.events",
    "is_current": "velocious.migration.currency",
    "sql": "velocious.sql.definitions",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
