"""Migrations: steps of a schema, and what runs them."""

from __future__ import annotations

from velocious.migration.events import MigrationStatus as MigrationStatus
from velocious.migration.events import StepEvent as StepEvent
from velocious.migration.migration import Migration as Migration
from velocious.migration.migrator import Migrator as Migrator
from velocious.sql.definitions import sql as sql
