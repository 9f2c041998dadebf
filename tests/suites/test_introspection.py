"""What a schema looks like from inside, and that migrations make what they say."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from velocious.errors import UnknownTableError
from velocious.migration import Migration, sql

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment


class CreateEverything(Migration):
    async def up(self) -> None:
        async with self.create_table("owners", id="uuid") as t:
            t.string("name", limit=40, null=False)
        async with self.create_table("things") as t:
            t.references("owner", type="uuid", foreign_key=True, on_delete="cascade")
            t.string("string", default="it's")
            t.text("text")
            t.integer("integer", null=False, default=0)
            t.bigint("bigint")
            t.float("float", default=0.5)
            t.decimal("decimal", precision=12, scale=4, default="1.10")
            t.boolean("boolean", null=False, default=False)
            t.date("date")
            t.time("time")
            t.datetime("datetime", default=sql("CURRENT_TIMESTAMP"))
            t.json("json", default={"a": [1]})
            t.binary("binary", default=b"\x00\xff")
            t.uuid("uuid")
            can = self.database.capabilities
            where = "boolean = TRUE" if can.partial_indexes else None
            t.index(["string", "integer"], unique=True, where=where)
            if can.expression_indexes:
                t.index(sql("lower(text)"), name="index_things_on_lower_text")
        async with self.create_table("pairs", id=False) as t:
            t.integer("left", primary_key=True)
            t.integer("right", primary_key=True)
        await self.execute("CREATE VIEW names AS SELECT id, name FROM owners")


async def test_every_kind_comes_back_as_it_was_declared(environment: TestEnvironment) -> None:
    async with environment.application(schema=[CreateEverything]) as configuration:
        table = await configuration.database().table("things")
        kinds = {column.name: column.kind for column in table.columns}
        for kind in (
            "string text integer bigint float decimal boolean date time datetime json binary uuid"
        ).split():
            assert kinds[kind] == kind
        assert kinds["owner_id"] == "uuid"


async def test_limits_precision_defaults_and_null_come_back(environment: TestEnvironment) -> None:
    async with environment.application(schema=[CreateEverything]) as configuration:
        table = await configuration.database().table("things")
        columns = {column.name: column for column in table.columns}
        assert columns["string"].limit == 255
        assert (columns["decimal"].precision, columns["decimal"].scale) == (12, 4)
        assert columns["integer"].null is False
        assert columns["text"].null is True
        assert columns["string"].default == "'it''s'"
        assert columns["integer"].default == "0"
        assert columns["text"].default is None
        owners = await configuration.database().table("owners")
        name = owners.column("name")
        assert name is not None
        assert name.limit == 40


async def test_an_automatic_key_is_known_as_such(environment: TestEnvironment) -> None:
    async with environment.application(schema=[CreateEverything]) as configuration:
        database = configuration.database()
        things, owners = await database.table("things"), await database.table("owners")
        key, other = things.column("id"), owners.column("id")
        assert key is not None
        assert (key.primary_key, key.automatic, key.null) == (True, True, False)
        assert other is not None
        assert (other.kind, other.primary_key, other.automatic) == ("uuid", True, False)


async def test_a_key_of_two_columns_is_in_its_order(environment: TestEnvironment) -> None:
    async with environment.application(schema=[CreateEverything]) as configuration:
        table = await configuration.database().table("pairs")
        assert table.primary_key == ("left", "right")
        assert not any(column.automatic for column in table.columns)


async def test_indexes_come_back_with_columns_uniqueness_and_condition(
    environment: TestEnvironment,
) -> None:
    async with environment.application(schema=[CreateEverything]) as configuration:
        table = await configuration.database().table("things")
        indexes = {index.name: index for index in table.indexes}
        partial = indexes["index_things_on_string_and_integer"]
        assert (partial.columns, partial.unique) == (("string", "integer"), True)
        if environment.can("partial_indexes"):
            assert partial.where in ("boolean = TRUE", '"boolean" = true')
        assert indexes["index_things_on_owner_id"].unique is False
        if environment.can("expression_indexes"):
            assert indexes["index_things_on_lower_text"].columns == ()


async def test_foreign_keys_come_back_with_their_actions(environment: TestEnvironment) -> None:
    async with environment.application(schema=[CreateEverything]) as configuration:
        (key,) = (await configuration.database().table("things")).foreign_keys
        assert (key.columns, key.to_table, key.to_columns) == (("owner_id",), "owners", ("id",))
        assert (key.on_delete, key.on_update) == ("CASCADE", "NO ACTION")


async def test_a_view_is_a_table_without_a_key(environment: TestEnvironment) -> None:
    async with environment.application(schema=[CreateEverything]) as configuration:
        database = configuration.database()
        assert "names" in await database.table_names()
        view = await database.table("names")
        assert [(column.name, column.kind) for column in view.columns] == [
            ("id", "uuid"),
            ("name", "string"),
        ]
        assert view.primary_key == ()


async def test_defaults_arrive_in_rows(environment: TestEnvironment) -> None:
    async with environment.application(schema=[CreateEverything]) as configuration:
        database = configuration.database()
        await database.execute("INSERT INTO things (text) VALUES ('x')")
        kinds = ("string", "integer", "float", "decimal", "boolean", "json", "binary")
        columns = ", ".join(map(database.dialect.quote, kinds))
        (row,) = await database.fetch(f"SELECT {columns} FROM things")
        values = [
            database.dialect.column_type(kind).decode(value)
            for kind, value in zip(kinds, row, strict=True)
        ]
        assert values == ["it's", 0, 0.5, Decimal("1.10"), False, {"a": [1]}, b"\x00\xff"]


async def test_an_unknown_table_names_close_ones(environment: TestEnvironment) -> None:
    async with environment.application(schema=[CreateEverything]) as configuration:
        with pytest.raises(UnknownTableError, match="Did you mean 'things'"):
            await configuration.database().table("thing")


FOREIGN_MADE = """
    CREATE TABLE parents (id INTEGER PRIMARY KEY, code TEXT UNIQUE, upper TEXT AS (upper(code)));
    CREATE TABLE children (
        name varchar(10), size INT(11), ratio double precision, at timestamp with time zone,
        odd geometry, bare, parent_id INTEGER REFERENCES parents ON DELETE SET NULL
    );
    CREATE TABLE keyed (id INTEGER PRIMARY KEY DESC, v TEXT);
    CREATE TABLE clustered (a TEXT PRIMARY KEY, b TEXT) WITHOUT ROWID;
"""


async def test_tables_that_others_made_are_understood(environment: TestEnvironment) -> None:
    environment.needs("sqlite_files")
    async with environment.application(schema=FOREIGN_MADE) as configuration:
        database = configuration.database()
        children = await database.table("children")
        assert [column.kind for column in children.columns] == [
            *("string", "integer", "float", "datetime", "text", "text", "integer"),
        ]
        (key,) = children.foreign_keys
        assert (key.to_columns, key.on_delete) == (("id",), "SET NULL")
        parents = await database.table("parents")
        upper = parents.column("upper")
        assert upper is not None
        assert upper.generated
        assert [(index.columns, index.unique) for index in parents.indexes] == [(("code",), True)]


async def test_only_a_key_that_counts_up_is_automatic(environment: TestEnvironment) -> None:
    environment.needs("sqlite_files")
    async with environment.application(schema=FOREIGN_MADE) as configuration:
        database = configuration.database()
        automatic = {
            name: (await database.table(name)).columns[0].automatic
            for name in ("parents", "keyed", "clustered")
        }
        assert automatic == {"parents": True, "keyed": False, "clustered": False}
