"""The base class of migrations: one step of a schema, forwards and backwards.

Law: a migration changes tables through these methods or its own SQL, all inside one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Unpack

from velocious.errors import MigrationError
from velocious.migration.blocks import TableBlock
from velocious.migration.changes import Changes
from velocious.migration.column_options import column_definition
from velocious.migration.index_name import foreign_key_name
from velocious.migration.lookup import Lookup, matching
from velocious.migration.reference import foreign_key_action, reference
from velocious.migration.steps import Steps, awaited
from velocious.migration.table import ChangedTable, Table, index_definition
from velocious.sql.definition_compiler import DefinitionCompiler
from velocious.sql.definitions import ColumnDefinition, ForeignKeyDefinition

if TYPE_CHECKING:
    from velocious.database.database import Database
    from velocious.database.driver import Connection, Parameters, Result, Row
    from velocious.migration.column_options import ColumnOptions
    from velocious.migration.reference import ReferenceOptions
    from velocious.migration.table import IndexColumns
    from velocious.sql.definitions import KeyType


class Migration:
    """One step of a database's schema.

    ::

        class CreateTasks(Migration):
            async def up(self):
                async with self.create_table("tasks") as t:
                    t.string("name", null=False)
                    t.timestamps()

            async def down(self):
                await self.drop_table("tasks")

    Attributes:
        on_databases: the databases it runs on, by identifier.
        disable_transaction: run outside of a transaction, for statements that a database takes
            only there. A failure then leaves behind what had been done.
        database: the database it runs on.
        steps: what it has done and is doing.
    """

    on_databases: ClassVar[tuple[str, ...]] = ("default",)
    disable_transaction: ClassVar[bool] = False

    def __init__(self, database: Database) -> None:
        self.database = database
        self.steps = Steps()
        self._find = Lookup(database)
        self._make = Changes(database, self._find)
        self._compiler = DefinitionCompiler(database.dialect)

    async def up(self) -> None:
        """Bring the schema forward; every migration has one."""
        raise MigrationError(
            f"{type(self).__name__} has no up(). Add `async def up(self):` with what it changes."
        )

    async def down(self) -> None:
        """Undo :meth:`up`; a migration without one cannot be rolled back."""
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
                f"{type(self).__name__} has no connection of its own, because disable_transaction "
                "is True. Use self.execute and self.fetch, or begin a transaction: "
                "`async with self.database.transaction() as transaction:`."
            )
        return transaction.connection

    # SQL

    @awaited
    async def execute(self, sql: str, params: Parameters = ()) -> Result:
        """Run one statement, with ``?`` for each of *params*."""
        with self.steps.step("execute", sql):
            result = await self.database.execute(sql, params, unbounded=True)
            # The statement may have changed tables.
            self.database.forget_schema()
            return result

    @awaited
    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        """The rows of a reading statement."""
        with self.steps.step("fetch", sql):
            return await self.database.fetch(sql, params)

    # Tables

    def create_table(
        self, name: str, *, id: KeyType | bool = "integer", if_not_exists: bool = False
    ) -> TableBlock[Table]:
        """Make a table when the block ends: ``async with self.create_table("tasks") as t:``.

        *id* is the type of the primary key that it gets, or False for none. With *if_not_exists*
        nothing happens where there is such a table.
        """
        table = Table(name)
        table.columns += _key(name, id)

        async def create() -> None:
            with self.steps.step("create_table", name):
                if not (if_not_exists and await self.table_exists(name)):
                    await self._make.create_table(table)

        return TableBlock(table, create, self.steps.open_block("create_table", name))

    def change_table(self, name: str) -> TableBlock[ChangedTable]:
        """Change a table when the block ends: ``async with self.change_table("tasks") as t:``."""
        table = ChangedTable(name)

        async def change() -> None:
            await self._change_table(table)

        return TableBlock(table, change, self.steps.open_block("change_table", name))

    @awaited
    async def drop_table(self, name: str, *, if_exists: bool = False) -> None:
        """Remove a table with its rows."""
        with self.steps.step("drop_table", name):
            if not (if_exists and not await self.table_exists(name)):
                await self.database.table(name)
                await self._make.run(self._compiler.drop_table(name))

    @awaited
    async def rename_table(self, name: str, new_name: str) -> None:
        """Give a table another name; what points at it follows."""
        with self.steps.step("rename_table", name, new_name):
            await self.database.table(name)
            await self._make.run(self._compiler.rename_table(name, new_name))

    @awaited
    async def create_attachments_tables(self) -> None:
        """Make the tables that the attachments of records need: a row for each file, and the
        chunks of those in a ``database`` storage.
        """
        from velocious.migration.attachments import create_attachments_tables

        with self.steps.step("create_attachments_tables"):
            await create_attachments_tables(self)

    @awaited
    async def drop_attachments_tables(self) -> None:
        """Remove what :meth:`create_attachments_tables` made. Files in storages stay."""
        from velocious.migration.attachments import drop_attachments_tables

        with self.steps.step("drop_attachments_tables"):
            await drop_attachments_tables(self)

    # Columns

    @awaited
    async def add_column(
        self, table: str, name: str, kind: str, **options: Unpack[ColumnOptions]
    ) -> None:
        """Add a column; with ``index`` or ``unique`` also its index."""
        with self.steps.step("add_column", table, name, kind):
            definition = column_definition(name, kind, options)
            if definition.primary_key:
                raise MigrationError(
                    f"The table {table!r} exists, so {name!r} cannot become its primary key. "
                    "Create a new table with the key and copy the rows."
                )
            await self._make.add_column(table, definition)
            if options.get("unique") or options.get("index"):
                unique = options.get("unique", False)
                await self._make.add_index(index_definition(table, name, unique=unique))

    @awaited
    async def remove_column(self, table: str, name: str) -> None:
        """Remove a column with its values, and the indexes and foreign keys that use it."""
        with self.steps.step("remove_column", table, name):
            await self._find.column(table, name)
            await self._make.edit(lambda editor: editor.remove_column(table, name))

    @awaited
    async def rename_column(self, table: str, name: str, new_name: str) -> None:
        """Give a column another name; indexes, checks, views and foreign keys follow."""
        with self.steps.step("rename_column", table, name, new_name):
            await self._find.column(table, name)
            await self._make.run(self._compiler.rename_column(table, name, new_name))

    @awaited
    async def change_column(
        self, table: str, name: str, kind: str, **options: Unpack[ColumnOptions]
    ) -> None:
        """Give a column another type; default and null stay unless they are among *options*."""
        with self.steps.step("change_column", table, name, kind):
            definition = column_definition(name, kind, options)
            _only(options, {"limit", "precision", "scale", "null", "default"}, "change_column")
            await self._find.column(table, name)
            await self._make.edit(lambda editor: editor.change_type(table, definition))
            if "default" in options:
                await self.change_column_default(table, name, options["default"])
            if "null" in options:
                await self.change_column_null(table, name, options["null"])

    @awaited
    async def change_column_null(
        self, table: str, name: str, null: bool, default: object = None
    ) -> None:
        """Allow or forbid NULL; where it gets forbidden, *default* first replaces the NULLs."""
        with self.steps.step("change_column_null", table, name, null):
            column = await self._find.column(table, name)
            if not null:
                await self._make.replace_nulls(table, column, default)
            await self._make.edit(lambda editor: editor.change_null(table, name, null))

    @awaited
    async def change_column_default(self, table: str, name: str, default: object) -> None:
        """Give a column another default, or none (None). Rows keep their values."""
        with self.steps.step("change_column_default", table, name, default):
            kind = (await self._find.column(table, name)).kind
            text = None if default is None else self._compiler.default(kind, default)
            await self._make.edit(lambda editor: editor.change_default(table, name, text))

    @awaited
    async def add_timestamps(self, table: str, *, default: object = None) -> None:
        """Add ``created_at`` and ``updated_at``; *default* is for the rows there are."""
        options: ColumnOptions = {"null": False}
        if default is not None:
            options["default"] = default
        for name in ("created_at", "updated_at"):
            await self.add_column(table, name, "datetime", **options)

    # References and foreign keys

    @awaited
    async def add_reference(
        self, table: str, name: str, **options: Unpack[ReferenceOptions]
    ) -> None:
        """Add a column that points at rows of another table: ``project`` adds ``project_id``."""
        with self.steps.step("add_reference", table, name):
            described = reference(name, options)
            for column in described.columns(table):
                await self._make.add_column(table, column)
            for index in described.indexes(table):
                await self._make.add_index(index)

    @awaited
    async def remove_reference(self, table: str, name: str, *, polymorphic: bool = False) -> None:
        """Remove what :meth:`add_reference` added."""
        names = [f"{name}_id", f"{name}_type"] if polymorphic else [f"{name}_id"]
        for column in names:
            await self.remove_column(table, column)

    @awaited
    async def add_foreign_key(
        self,
        table: str,
        to_table: str,
        *,
        column: str | None = None,
        primary_key: str = "id",
        on_delete: str | None = None,
        on_update: str | None = None,
        name: str | None = None,
    ) -> None:
        """Make *column* (``project_id`` for ``projects``) point at rows of *to_table* only."""
        from velocious.naming import foreign_key, singularize

        with self.steps.step("add_foreign_key", table, to_table):
            column = column or foreign_key(singularize(to_table))
            await self._find.column(table, column)
            await self._find.column(to_table, primary_key)
            key = ForeignKeyDefinition(
                name=name or foreign_key_name(table, [column]),
                columns=(column,),
                to_table=to_table,
                to_columns=(primary_key,),
                on_delete=foreign_key_action(on_delete),
                on_update=foreign_key_action(on_update),
            )
            await self._make.edit(lambda editor: editor.add_foreign_key(table, key))

    @awaited
    async def remove_foreign_key(
        self, table: str, to_table: str | None = None, *, column: str | None = None
    ) -> None:
        """Remove the foreign key to *to_table*, or the one of *column*."""
        with self.steps.step("remove_foreign_key", table, column or to_table):
            key = await self._find.foreign_key(table, to_table, column)
            await self._make.edit(lambda editor: editor.remove_foreign_key(table, key.columns))

    # Indexes

    @awaited
    async def add_index(
        self,
        table: str,
        columns: IndexColumns,
        *,
        name: str | None = None,
        unique: bool = False,
        where: str | None = None,
    ) -> None:
        """Add an index; *where* is the SQL condition of a partial one."""
        with self.steps.step("add_index", table, columns):
            await self._make.add_index(index_definition(table, columns, name, unique, where))

    @awaited
    async def remove_index(
        self, table: str, columns: IndexColumns | None = None, *, name: str | None = None
    ) -> None:
        """Remove the index of *columns*, or the one called *name*."""
        with self.steps.step("remove_index", table, name or columns):
            index = await self._find.index(table, columns, name)
            await self._make.run(self._compiler.drop_index(index.name))

    # Questions

    @awaited
    async def table_exists(self, name: str) -> bool:
        return await (await self.database.introspect()).table(name) is not None

    @awaited
    async def column_exists(self, table: str, name: str) -> bool:
        described = await (await self.database.introspect()).table(table)
        return described is not None and described.column(name) is not None

    @awaited
    async def index_exists(
        self, table: str, columns: IndexColumns | None = None, *, name: str | None = None
    ) -> bool:
        described = await (await self.database.introspect()).table(table)
        return described is not None and bool(matching(described.indexes, columns, name))

    # Helpers

    async def _change_table(self, table: ChangedTable) -> None:
        for name, new_name in table.renamed:
            await self.rename_column(table.name, name, new_name)
        for name in table.removed:
            await self.remove_column(table.name, name)
        for column in table.columns:
            with self.steps.step("add_column", table.name, column.name, column.kind):
                await self._make.add_column(table.name, column)
        for index in table.indexes:
            with self.steps.step("add_index", table.name, index.columns):
                await self._make.add_index(index)
        if table.checks:
            raise MigrationError(
                f"A check cannot be added to the table {table.name!r}, which exists. Give it to a "
                'new column instead: t.integer("…", check="…").'
            )


def _key(table: str, id: KeyType | bool) -> list[ColumnDefinition]:
    if id is False:
        return []
    if id == "uuid":
        return [ColumnDefinition("id", "uuid", null=False, primary_key=True)]
    if id in ("integer", "bigint", True):
        kind = "integer" if id is True else id
        return [ColumnDefinition("id", kind, null=False, primary_key=True, automatic=True)]
    raise MigrationError(
        f"The table {table!r} cannot have a key of the type {id!r}. "
        'Give id="integer", id="bigint", id="uuid", or id=False for none.'
    )


def _only(options: ColumnOptions, known: set[str], method: str) -> None:
    for option in options:
        if option not in known:
            raise MigrationError(
                f"{method} does not take {option!r}. It takes {', '.join(sorted(known))}; "
                "indexes and keys have methods of their own."
            )
