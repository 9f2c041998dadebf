"""The base class of migrations: one step of a schema, forwards and backwards.

Law: a migration changes tables through its commands (``commands/``) or its own SQL, all inside one
transaction; what ``change()`` calls is undone in the opposite order.
"""

from __future__ import annotations

from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from velocious.errors import MigrationError, suggestion
from velocious.migration.commands.attachments import AttachmentCommands
from velocious.migration.commands.base import command
from velocious.migration.commands.columns import ColumnCommands
from velocious.migration.commands.data import DataCommands
from velocious.migration.commands.indexes import IndexCommands
from velocious.migration.commands.questions import QuestionCommands
from velocious.migration.commands.references import ReferenceCommands
from velocious.migration.commands.sessions import SessionCommands
from velocious.migration.commands.views import ViewCommands
from velocious.migration.inverses import NOTHING
from velocious.migration.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping

    from velocious.database.driver import Connection
    from velocious.migration.events import Direction
    from velocious.migration.provider import MigrationSource
    from velocious.migration.recorder import Command

    type Change = Callable[[], Awaitable[object]]


class Migration(
    AttachmentCommands,
    SessionCommands,
    ColumnCommands,
    ReferenceCommands,
    IndexCommands,
    ViewCommands,
    QuestionCommands,
    DataCommands,
):
    """One step of a database's schema: ``change()``, or ``up()`` and ``down()``.

    ::

        class CreateTasks(Migration):
            async def change(self):
                async with self.create_table("tasks") as t:
                    t.string("name", null=False)
                    t.timestamps()

    Attributes:
        on_databases: the databases it runs on, by identifier.
        disable_transaction: run outside of a transaction, for statements that a database takes
            only there. A failure then leaves behind what had been done.
        resumable: whether one without a transaction may simply be run again after it was
            interrupted: because its steps ask first, or because it only goes through batches, which
            go on where they were.
    """

    on_databases: ClassVar[tuple[str, ...]] = ("default",)
    disable_transaction: ClassVar[bool] = False
    resumable: ClassVar[bool] = False

    #: The migrations that revert() knows, by version.
    others: Mapping[str, MigrationSource] = MappingProxyType({})

    async def change(self) -> None:
        """What it changes; undone in the opposite order, each command by its inverse."""
        raise MigrationError(f"{type(self).__name__} has no change().")

    async def up(self) -> None:
        """Bring the schema forward, where :meth:`change` cannot say it."""
        raise MigrationError(
            f"{type(self).__name__} has no up(). Add `async def up(self):` with what it changes."
        )

    async def down(self) -> None:
        """Undo :meth:`up`; a migration that has neither this nor change() cannot be rolled back."""
        raise MigrationError(
            f"{type(self).__name__} cannot be rolled back. "
            "Add `async def down(self):` that undoes up()."
        )

    @property
    def connection(self) -> Connection:
        """The connection of the transaction that the migration runs in."""
        transaction = self.database.current_transaction()
        if transaction is None:
            raise MigrationError(
                f"{type(self).__name__} has no connection of its own, because it runs outside of a "
                "transaction (disable_transaction, or a database that changes tables only there). "
                "Use self.execute and self.fetch, or begin a transaction: "
                "`async with self.database.transaction() as transaction:`."
            )
        return transaction.connection

    @contextmanager
    def safety_assured(self, reason: str) -> Generator[None]:
        """A block that ``velocious db:lint`` does not complain about, for the *reason* given."""
        if not reason.strip():
            raise MigrationError(
                'Say why it is safe: `with self.safety_assured("the table has few rows"):`.'
            )
        yield

    # Directions

    @property
    def reverting(self) -> bool:
        """Whether ``change()`` is being undone: commands are then only noted."""
        return self.recorder is not None

    @command
    async def reversible(
        self, *, up: Change | None = None, down: Change | None = None, undo: bool = False
    ) -> None:
        """In a ``change()``: do *up*, and where it is undone, *down*::

        await self.reversible(
            up=lambda: self.execute("UPDATE tasks SET state = 'open' WHERE done = FALSE"),
            down=lambda: self.execute("UPDATE tasks SET done = (state <> 'open')"),
        )
        """
        chosen = down if undo else up
        if chosen is not None:
            await chosen()

    @command
    async def up_only(self, change: Change) -> None:
        """In a ``change()``: do *change*; nothing is done where it is undone."""
        await change()

    @command
    async def revert(self, target: str | type[Migration] | Change, *, undo: bool = False) -> None:
        """Undo another migration (its version or class), or what a function of commands does."""
        if isinstance(target, str):
            target = self._other(target)
        if isinstance(target, type):
            other = target(self.database, progress=self.progress, steps=self.steps)
            other.others = self.others
            await other.run("up" if undo else "down")
        elif undo:
            await target()
        else:
            await self._undo(target)

    def _other(self, version: str) -> type[Migration]:
        source = self.others.get(version)
        if source is None:
            raise MigrationError(
                f"There is no migration with the version {version!r} to revert. "
                f"{suggestion(version, self.others)}"
            )
        return source.migration

    async def run(self, direction: Direction) -> None:
        """Do it, or undo it.

        Raises:
            MigrationError: something was called without await or async with, or (undoing) cannot
                be undone.
        """
        try:
            if _has(type(self), "change"):
                await (self.change() if direction == "up" else self._undo(self.change))
            else:
                await (self.up() if direction == "up" else self.down())
            self.steps.check_finished()
        except BaseException as error:
            await self.finish_batches(error)
            raise
        await self.finish_batches(None)

    async def _undo(self, change: Change) -> None:
        outer, recorder = self.recorder, Recorder()
        self.recorder = recorder
        try:
            await change()
        finally:
            self.recorder = outer
        self.steps.check_finished()
        # All of them are known before the first is undone.
        for one in recorder.inverted():
            await self._replay(one)

    async def _replay(self, one: Command) -> None:
        if one.method == NOTHING:
            return
        call: Any = getattr(self, one.method)(**one.values)
        if one.table is None:
            await call
            return
        async with call as table:
            table.adopt(one.table)


def is_reversible(migration: type[Migration]) -> bool:
    """Whether *migration* has something that undoes it."""
    return _has(migration, "change") or _has(migration, "down")


def has_steps(migration: type[Migration]) -> bool:
    """Whether *migration* has something to do."""
    return _has(migration, "change") or _has(migration, "up")


def says_twice(migration: type[Migration]) -> bool:
    """Whether *migration* has change() and also up() or down()."""
    return _has(migration, "change") and (_has(migration, "up") or _has(migration, "down"))


def _has(migration: type[Migration], method: str) -> bool:
    return getattr(migration, method) is not getattr(Migration, method)
