"""What the commands that run migrations share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from velocious.cli.databases import migrated
from velocious.cli.steps import show_step
from velocious.errors import WrongUsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from velocious.cli.command import Invocation
    from velocious.migration import Migrator, PlannedStep
    from velocious.migration.events import Notice

LOCK_TIMEOUT = 600.0


def migrator_for(
    invocation: Invocation, database: str | None, *, lock_timeout: float = LOCK_TIMEOUT
) -> Migrator:
    """A migrator of the meant databases that tells the output what it does."""
    from velocious.migration import Migrator

    def notice(one: Notice) -> None:
        invocation.output.error(f"{invocation.output.style('Warning:', 'yellow')} {one.text}")

    return Migrator(
        invocation.configuration,
        *migrated(invocation, database),
        on_step=show_step(invocation.output),
        on_notice=notice,
        progress=invocation.output.progress,
        lock_timeout=lock_timeout,
    )


def lock_option[BodyT: Callable[..., Any]](body: BodyT) -> BodyT:
    """``--lock-timeout SECONDS``: how long to wait for another one who migrates."""
    return click.option(
        "--lock-timeout",
        type=click.FloatRange(min=0),
        default=LOCK_TIMEOUT,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait for somebody else who migrates.",
    )(body)


def dry_run_option[BodyT: Callable[..., Any]](body: BodyT) -> BodyT:
    """``--dry-run``: show SQL in place of running it."""
    help = "Show the SQL that would run; change nothing."
    return click.option("--dry-run", is_flag=True, help=help)(body)


def assigned(words: Sequence[str], name: str) -> str | None:
    """The value of ``NAME=value`` among *words*, as people who know Rails write it.

    Raises:
        WrongUsageError: for any other word.
    """
    value: str | None = None
    for word in words:
        given, equals, value = word.partition("=")
        if given != name or not equals or not value:
            raise WrongUsageError(
                f"{word!r} is not understood. Write {name}=… or --{name.lower()} …."
            )
    return value


def show_plan(invocation: Invocation, planned: Sequence[PlannedStep]) -> None:
    """Write the SQL of *planned*."""
    output = invocation.output
    if not planned:
        output.write("Nothing would be done.")
    for step in planned:
        verb = "undo" if step.direction == "down" else "run"
        output.write(f"-- {verb} {step.version}_{step.name} on {step.database}")
        for statement in step.statements:
            text, comment, values = statement.partition("  -- ")
            output.write(f"{text};{comment}{values}")
        output.write()
