"""What the ``db:`` commands share: which databases they mean, and when they may destroy one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from velocious.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from velocious.cli.command import Invocation

SAFE_TO_DESTROY = ("development", "test")


def database_option[BodyT: Callable[..., Any]](body: BodyT) -> BodyT:
    """``--database NAME``: one database in place of all."""
    help = "Only this database, by its identifier; all of them by default."
    return click.option("--database", metavar="NAME", help=help)(body)


def force_option[BodyT: Callable[..., Any]](body: BodyT) -> BodyT:
    """``--force``: outside development and test too."""
    help = "Do it outside development and test, too. The data is lost."
    return click.option("--force", is_flag=True, help=help)(body)


def chosen(invocation: Invocation, database: str | None) -> list[str]:
    """The identifiers of the databases that are meant.

    Raises:
        ConfigurationError: there is none called *database*; with close matches.
    """
    configuration = invocation.configuration
    if database is not None:
        return [configuration.database(database).identifier]
    return [name for name, one in configuration.databases.items() if one.is_here()]


def migrated(invocation: Invocation, database: str | None) -> list[str]:
    """The identifiers of the meant databases that migrations run on."""
    databases = invocation.configuration.databases
    identifiers = chosen(invocation, database)
    return [name for name in identifiers if databases[name].settings.migrations]


def may_destroy(invocation: Invocation, what: str, *, force: bool) -> None:
    """Raise CommandError where *what* would destroy data that matters."""
    environment = invocation.configuration.environment
    if environment in SAFE_TO_DESTROY or force:
        return
    raise CommandError(
        f"{what} destroys all data, and the environment is {environment!r}. It runs in "
        f"{' and '.join(SAFE_TO_DESTROY)}; where you really mean it, add --force."
    )
