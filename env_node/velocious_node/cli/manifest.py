"""The commands that a server process adds to those that run everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.cli.manifest import make_registry
from velocious_node.cli.commands.channels_stats import channels_stats
from velocious_node.cli.commands.console import console
from velocious_node.cli.commands.db_backup import db_backup
from velocious_node.cli.commands.db_console import db_console
from velocious_node.cli.commands.db_restore import db_restore
from velocious_node.cli.commands.db_vacuum import db_vacuum
from velocious_node.cli.commands.destroy_controller import destroy_controller
from velocious_node.cli.commands.destroy_migration import destroy_migration
from velocious_node.cli.commands.destroy_model import destroy_model
from velocious_node.cli.commands.destroy_scaffold import destroy_scaffold
from velocious_node.cli.commands.generate_attachments import generate_attachments
from velocious_node.cli.commands.generate_base_models import generate_base_models
from velocious_node.cli.commands.generate_channel import generate_channel
from velocious_node.cli.commands.generate_controller import generate_controller
from velocious_node.cli.commands.generate_frontend_models import generate_frontend_models
from velocious_node.cli.commands.generate_migration import generate_migration
from velocious_node.cli.commands.generate_model import generate_model
from velocious_node.cli.commands.generate_resource import generate_resource
from velocious_node.cli.commands.generate_scaffold import generate_scaffold
from velocious_node.cli.commands.generate_secret import generate_secret
from velocious_node.cli.commands.generate_sessions import generate_sessions
from velocious_node.cli.commands.init import init
from velocious_node.cli.commands.server import server
from velocious_node.cli.commands.web_build import web_build
from velocious_node.cli.commands.web_manifest import web_manifest

if TYPE_CHECKING:
    from velocious.cli.registry import Registry


def registry() -> Registry:
    """All commands of a shell."""
    return make_registry(
        "node",
        [
            channels_stats,
            console,
            db_backup,
            db_console,
            db_restore,
            db_vacuum,
            destroy_migration,
            destroy_model,
            generate_attachments,
            generate_base_models,
            generate_frontend_models,
            generate_channel,
            generate_migration,
            generate_model,
            generate_resource,
            generate_secret,
            generate_sessions,
            destroy_controller,
            destroy_scaffold,
            generate_controller,
            generate_scaffold,
            init,
            server,
            web_build,
            web_manifest,
        ],
    )
