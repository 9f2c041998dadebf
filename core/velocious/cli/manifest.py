"""Which commands there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.commands.attachments_sweep import attachments_sweep
from velocious.cli.commands.db_abort_if_pending import db_abort_if_pending
from velocious.cli.commands.db_copy import db_copy
from velocious.cli.commands.db_create import db_create
from velocious.cli.commands.db_drop import db_drop
from velocious.cli.commands.db_lint import db_lint
from velocious.cli.commands.db_migrate import db_migrate
from velocious.cli.commands.db_migrate_down import db_migrate_down
from velocious.cli.commands.db_migrate_redo import db_migrate_redo
from velocious.cli.commands.db_migrate_resolve import db_migrate_resolve
from velocious.cli.commands.db_migrate_up import db_migrate_up
from velocious.cli.commands.db_prepare import db_prepare
from velocious.cli.commands.db_reset import db_reset
from velocious.cli.commands.db_rollback import db_rollback
from velocious.cli.commands.db_schema_dump import db_schema_dump
from velocious.cli.commands.db_schema_load import db_schema_load
from velocious.cli.commands.db_seed import db_seed
from velocious.cli.commands.db_sql import db_sql
from velocious.cli.commands.db_status import db_status
from velocious.cli.commands.db_version import db_version
from velocious.cli.commands.openapi import openapi
from velocious.cli.commands.routes import routes
from velocious.cli.commands.run_script import run_script
from velocious.cli.commands.runner import runner
from velocious.cli.commands.tenants_migrate import tenants_migrate
from velocious.cli.elsewhere import SERVER_ONLY
from velocious.cli.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.cli.command import Command

#: Commands that run in every environment.
EVERYWHERE = (
    attachments_sweep,
    db_abort_if_pending,
    db_copy,
    db_create,
    db_drop,
    db_lint,
    db_migrate,
    db_migrate_down,
    db_migrate_redo,
    db_migrate_resolve,
    db_migrate_up,
    db_prepare,
    db_reset,
    db_rollback,
    db_schema_dump,
    db_schema_load,
    db_seed,
    db_sql,
    db_status,
    db_version,
    openapi,
    routes,
    run_script,
    runner,
    tenants_migrate,
)


def make_registry(environment: str, contributed: Iterable[Command] = ()) -> Registry:
    """The commands of an environment: ours, and those that it contributes."""
    return Registry([*EVERYWHERE, *contributed], environment=environment, elsewhere=SERVER_ONLY)
