"""What a failed or interrupted migration says: where it stopped, what it left, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.command_words import as_typed
from velocious.errors import InterruptedMigrationError, MigrationError, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.database import Database
    from velocious.migration.events import Direction
    from velocious.migration.marks import Interrupted
    from velocious.migration.migration import Migration
    from velocious.migration.provider import MigrationSource


def failure(
    migration: Migration,
    source: MigrationSource,
    direction: Direction,
    cause: Exception,
    *,
    database: Database,
    bare: bool,
) -> MigrationError:
    """The error of a migration that raised *cause*; *bare* outside of a transaction."""
    verb = "failed" if direction == "up" else "failed to roll back"
    step = f" in {migration.steps.current}" if migration.steps.current else ""
    left = _what_stayed(migration, database) if bare else "Nothing of it was kept."
    return MigrationError(
        f"The migration {file_name(source)} {verb} on the database "
        f"{database.identifier!r}{step}: {told(cause)} {left}"
    )


def _what_stayed(migration: Migration, database: Database) -> str:
    made = migration.steps.made
    if not made:
        return "It had changed nothing before that."
    why = "It runs outside of a transaction"
    if not database.capabilities.transactional_ddl:
        why = f"A {database.dialect.name} database cannot undo changes of tables"
    listed = " ".join(f"{number}. {sql};" for number, sql in enumerate(made, 1))
    return (
        f"{why}, so what it did before that has stayed ({len(made)} statements): {listed} The "
        "migration does not count as run: undo these by hand, or make the steps ask first "
        "(`if not await self.table_exists(…)`), and migrate again."
    )


def interrupted_error(stopped: Interrupted, database: Database) -> InterruptedMigrationError:
    """The error where a migration was killed in a statement that nobody knows the end of."""
    name = f"{stopped.version}_{stopped.name}.py"
    verb = "run" if stopped.direction == "up" else "rolled back"
    statement = stopped.statement
    if statement is None:
        where = "before its first statement, so nothing of it was done"
    else:
        where = (
            f"in its statement number {stopped.done + 1}: {statement}. The {stopped.done} before "
            "it are done; look in the database whether this one is"
        )
    applied, undone = "--applied", "--rolled-back"
    if stopped.direction == "down":
        applied, undone = undone, applied
    return InterruptedMigrationError(
        f"The migration {name} was being {verb} on the database {database.identifier!r}, outside "
        f"of a transaction, and its process was killed {where}. Finish it by hand and say "
        f"{as_typed(f'db:migrate:resolve {stopped.version} {applied}')}, or take back by hand what "
        f"it did and say {as_typed(f'db:migrate:resolve {stopped.version} {undone}')}.",
        version=stopped.version,
        statement=statement or "",
    )


def file_name(source: MigrationSource) -> str:
    """The name of the file that *source* came from."""
    return f"{source.version}_{source.name}.py"


def known_target(target: str, versions: Sequence[str]) -> str:
    """*target* if it is a version, or 0 for before the first one.

    Raises:
        MigrationError: with the versions that come close.
    """
    if target in ("0", *versions):
        return target
    raise MigrationError(
        f"There is no migration with the version {target!r}. {suggestion(target, versions)} "
        f"0 undoes all; {as_typed('db:status')} lists them."
    )


def told(cause: Exception) -> str:
    """*cause* as a sentence."""
    text = str(cause).rstrip()
    sentence = text if isinstance(cause, MigrationError) else f"{type(cause).__name__}: {text}"
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
