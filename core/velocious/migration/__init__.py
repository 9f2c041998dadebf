"""Migrations: steps of a schema, and what runs them.

Law: asking whether a database is current imports nothing of what migrations are written with. A
page asks at every start, and there is hardly ever one to run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.late import late_names

if TYPE_CHECKING:
    from velocious.migration.currency import is_current as is_current
    from velocious.migration.events import MigrationStatus as MigrationStatus
    from velocious.migration.events import Notice as Notice
    from velocious.migration.events import PlannedStep as PlannedStep
    from velocious.migration.events import StepEvent as StepEvent
    from velocious.migration.migration import Migration as Migration
    from velocious.migration.migrator import Migrator as Migrator
    from velocious.sql.definitions import expression as expression
    from velocious.sql.definitions import sql as sql

__getattr__ = late_names(
    __name__,
    {
        "Migration": "velocious.migration.migration",
        "MigrationStatus": "velocious.migration.events",
        "Migrator": "velocious.migration.migrator",
        "Notice": "velocious.migration.events",
        "PlannedStep": "velocious.migration.events",
        "StepEvent": "velocious.migration.events",
        "expression": "velocious.sql.definitions",
        "is_current": "velocious.migration.currency",
        "sql": "velocious.sql.definitions",
    },
)
