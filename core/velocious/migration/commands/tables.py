"""Making, changing and dropping tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

from velocious.errors import MigrationError, UnknownOptionError
from velocious.migration.blocks import OptionalTableBlock, TableBlock
from velocious.migration.changed_table import ChangedTable
from velocious.migration.commands.base import Commands, command, question
from velocious.migration.reference import reference
from velocious.migration.table import Table
from velocious.naming import singularize
from velocious.sql.definitions import MISSING, ColumnDefinition, TableDefinition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.migration.recorder import Values
    from velocious.migration.reference import ReferenceOptions
    from velocious.sql.definitions import KeyType


class TableOptions(TypedDict, total=False):
    """What a table may be given; see :meth:`TableCommands.create_table`."""

    id: KeyType | bool
    primary_key: str | Sequence[str] | None
    force: bool | Literal["cascade"]
    if_not_exists: bool
    comment: str | None
    options: str | None


_TABLE_OPTIONS = TableOptions.__annotations__
#: Automatic keys; others are values that somebody gives.
_COUNTED = ("integer", "bigint", True)


class TableCommands(Commands):
    """The commands about whole tables."""

    def create_table(self, name: str, **options: Unpack[TableOptions]) -> TableBlock[Table]:
        """Make a table when the block ends: ``async with self.create_table("tasks") as t:``.

        Options:
            id: the type of the primary key that it gets (``"bigint"``, ``"uuid"``, …); False: none.
            primary_key: the name of that key (``"id"``), or the columns of the block that are the
                key together.
            if_not_exists: do nothing where there is such a table.
            force: drop such a table first; ``"cascade"``, with what depends on it.
            comment: a note for readers of the schema, where the database keeps it.
            options: SQL that follows the columns (``"STRICT"``).
        """
        table = _described(name, options)

        async def create() -> None:
            if self.recorder is not None:
                self.recorder.record("create_table", {"name": name, **options}, table)
                return
            with self.steps.step("create_table", name):
                await self._create(table, options)

        return TableBlock(table, create, self.steps.open_block("create_table", name))

    def drop_table(
        self,
        name: str,
        *,
        if_exists: bool = False,
        cascade: bool = False,
        **options: Unpack[TableOptions],
    ) -> OptionalTableBlock[Table]:
        """Remove a table with its rows: ``await self.drop_table("tasks")``; *cascade* also with the
        foreign keys and views that depend on it, where the database can.

        In a ``change()`` that is to be undone, describe the table that then comes back:
        ``async with self.drop_table("tasks") as t:`` (*options* are those of create_table).
        """
        table = _described(name, options)
        described = True

        def undescribed() -> None:
            nonlocal described
            described = False

        async def drop() -> None:
            if self.recorder is not None:
                values: Values = {"name": name, "if_exists": if_exists, **options}
                self.recorder.record("drop_table", values, table if described else None)
                return
            with self.steps.step("drop_table", name):
                if not (if_exists and not await self._exists(name)):
                    await self.database.table(name)
                    await self._make.drop_table(name, cascade=cascade)

        entered = self.steps.open_block("drop_table", name)
        return OptionalTableBlock(table, drop, entered, undescribed)

    def change_table(self, name: str) -> TableBlock[ChangedTable]:
        """Change a table when the block ends: ``async with self.change_table("tasks") as t:``."""
        table = ChangedTable(name)

        async def change() -> None:
            for method, values, options in table.operations:
                await getattr(self, method)(*values, **options)

        return TableBlock(table, change, self.steps.open_block("change_table", name))

    @command
    async def rename_table(self, name: str, new_name: str) -> None:
        """Give a table another name; what points at it follows."""
        await self.database.table(name)
        await self._make.run(self._compiler.rename_table(name, new_name))

    @command
    async def change_table_comment(
        self, name: str, comment: str | None, *, was: object = MISSING
    ) -> None:
        """Give a table another comment, or none (None); *was* is the one it has now."""
        await self.database.table(name)
        await self._make.edit(lambda editor: editor.change_comment(name, None, comment))

    # Join tables

    def create_join_table(
        self, one: str, other: str, *, name: str | None = None, **options: Unpack[ReferenceOptions]
    ) -> OptionalTableBlock[Table]:
        """Make the table that leads from *one* to *other* and back: ``projects_users`` with
        ``project_id`` and ``user_id``, each pair once.

        *options* are those of references; more columns may be described in a block.
        """
        table = _join_table(one, other, name, options)

        async def create() -> None:
            if self.recorder is not None:
                self.recorder.record("create_table", {"name": table.name, "id": False}, table)
                return
            with self.steps.step("create_join_table", one, other):
                await self._create(table, {"id": False})

        entered = self.steps.open_block("create_join_table", one, other)
        return OptionalTableBlock(table, create, entered, lambda: None)

    @question
    async def drop_join_table(
        self, one: str, other: str, *, name: str | None = None, **options: Unpack[ReferenceOptions]
    ) -> None:
        """Remove what :meth:`create_join_table` made."""
        table = _join_table(one, other, name, options)
        if self.recorder is not None:
            self.recorder.record("drop_table", {"name": table.name, "id": False}, table)
        else:
            await self.drop_table(table.name)

    # Doing it

    async def _create(self, table: Table, options: TableOptions) -> None:
        exists = await self._exists(table.name)
        if exists and options.get("if_not_exists"):
            return
        if exists and (force := options.get("force")):
            await self._make.drop_table(table.name, cascade=force == "cascade")
        key = options.get("primary_key")
        await self._make.create_table(
            TableDefinition(
                table.name,
                tuple(table.columns),
                checks=tuple(table.checks),
                indexes=tuple(table.indexes),
                primary_key=() if key is None or isinstance(key, str) else tuple(key),
                comment=options.get("comment"),
                options=options.get("options"),
            )
        )

    async def _exists(self, name: str) -> bool:
        return await (await self.database.introspect()).table(name) is not None


def _described(name: str, options: TableOptions) -> Table:
    for option in options:
        if option not in _TABLE_OPTIONS:
            raise UnknownOptionError("A table", option, _TABLE_OPTIONS)
    table = Table(name)
    key = options.get("primary_key")
    if key is None or isinstance(key, str):
        table.columns += _key(name, options.get("id", "integer"), key or "id")
    elif options.get("id", False) is not False:
        raise MigrationError(
            f"The table {name!r} cannot have both an id and the primary key {tuple(key)!r}. "
            "Leave one of them out."
        )
    return table


def _key(table: str, id: KeyType | bool | str, name: str) -> list[ColumnDefinition]:
    if id is False:
        return []
    if id in _COUNTED:
        kind = "integer" if id is True else str(id)
        return [ColumnDefinition(name, kind, null=False, primary_key=True, automatic=True)]
    if id in ("uuid", "string"):
        return [ColumnDefinition(name, str(id), null=False, primary_key=True)]
    raise MigrationError(
        f"The table {table!r} cannot have a key of the type {id!r}. Give "
        'id="integer", id="bigint", id="uuid", id="string", or id=False for none.'
    )


def _join_table(one: str, other: str, name: str | None, options: ReferenceOptions) -> Table:
    table = Table(name or "_".join(sorted((one, other))))
    chosen: ReferenceOptions = {"null": False, "index": False}
    chosen.update(options)
    names: list[str] = []
    for target in (one, other):
        given = chosen.copy()
        if chosen.get("foreign_key") is True:
            given["foreign_key"] = target
        table.references(singularize(target), **given)
        names += reference(singularize(target), given).column_names
    table.index(names, unique=True)
    table.index(list(reversed(names)))
    return table
