"""What is PostgreSQL's own: its types, its catalogue, its ways of writing rows and of locking."""

from __future__ import annotations

import asyncio
import builtins
import os
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.node.postgresql import application, names, outsider
from velocious.configuration import Configuration
from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.errors import (
    ConfigurationError,
    ForeignKeyConstraintError,
    LockTimeoutError,
    MigrationError,
    NotNullConstraintError,
    ReadOnlyDatabaseError,
    StatementError,
    UniqueConstraintError,
    UnsupportedValueError,
    ValueOutOfRangeError,
)
from velocious.migration import Migration, Migrator
from velocious.migration.structure import load_structure_sql, structure_sql
from velocious.query import raw
from velocious.record import Record
from velocious.testing.environment import environment_called
from velocious.testing.migrations import ListedMigrations
from velocious_node.database.postgresql import NodePostgresqlDriverFactory
from velocious_node.database.postgresql_opening import address_of, session
from velocious_node.testing.postgresql import DATABASE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
def place() -> TestEnvironment:
    return environment_called("node-postgresql")


# Types


class Sample(Record):
    id: Attribute[int]
    small: Attribute[Any]
    at: Attribute[Any]
    tags: Attribute[Any]
    address: Attribute[Any]
    mood: Attribute[Any]
    data: Attribute[Any]
    plain: Attribute[Any]
    price: Attribute[Any]
    code: Attribute[Any]


SAMPLES = """
CREATE TYPE mood AS ENUM ('calm', 'wild');
CREATE DOMAIN postcode AS varchar(5) CHECK (VALUE ~ '^[0-9]+$');
CREATE TABLE samples (
  id BIGSERIAL PRIMARY KEY, small SMALLINT, at TIMESTAMP, tags TEXT[], address INET,
  mood mood DEFAULT 'calm', data JSONB, plain JSON, price NUMERIC, code postcode
)
"""


async def test_columns_that_others_made_are_understood(place: TestEnvironment) -> None:
    async with place.application(models=[Sample], schema=SAMPLES) as configuration:
        table = await configuration.database().table("samples")
        assert {column.name: column.kind for column in table.columns} == {
            **{"id": "bigint", "small": "integer", "at": "datetime", "tags": "any"},
            **{"address": "any", "mood": "string", "data": "json", "plain": "json"},
            **{"price": "decimal", "code": "string"},
        }
        key, code = table.column("id"), table.column("code")
        assert key is not None and code is not None
        assert (key.automatic, key.default, key.primary_key) == (True, None, True)
        assert Sample().mood == "calm"


async def test_an_instant_without_a_zone_is_utc(place: TestEnvironment) -> None:
    async with place.application(models=[Sample], schema=SAMPLES) as configuration:
        moment = datetime(2026, 11, 21, 14, 30, 5, 123_456, UTC)
        sample = await Sample.create(at=moment)
        assert (await Sample.find(sample.id)).at == moment
        assert await Sample.where(at=moment).count() == 1
        database = configuration.database()
        assert await database.fetch("SELECT at::text FROM samples") == [
            ("2026-11-21 14:30:05.123456",)
        ]
        await database.execute("UPDATE samples SET at = 'infinity'")
        assert (await Sample.find(sample.id)).at == datetime.max.replace(tzinfo=UTC)


async def test_arrays_and_addresses_go_through_as_the_driver_has_them(
    place: TestEnvironment,
) -> None:
    async with place.application(models=[Sample], schema=SAMPLES):
        sample = await Sample.create(tags=["a", "b'c"], address="10.0.0.1", mood="wild")
        found = await Sample.find(sample.id)
        assert (found.tags, str(found.address), found.mood) == (["a", "b'c"], "10.0.0.1", "wild")
        assert await Sample.where("tags @> ARRAY[?]", "a").count() == 1
        assert await Sample.where("? = ANY(tags)", "z").count() == 0
        with pytest.raises(ValueOutOfRangeError, match="mood"):
            await Sample.create(mood="sleepy")


async def test_the_questions_of_jsonb_are_written_twice(place: TestEnvironment) -> None:
    async with place.application(models=[Sample], schema=SAMPLES):
        await Sample.create(data={"a": 1})
        assert await Sample.where("data ?? ?", "a").count() == 1
        assert await Sample.where("data ?? 'b'").count() == 0


@pytest.mark.parametrize("name", ["data", "plain"])
async def test_json_that_was_read_does_not_look_changed(place: TestEnvironment, name: str) -> None:
    value = {"longer": [1, 2.50, 1e100, -0.0, {"z": None, "a": "ø"}], "b": {"é": 1, "zz": 2}}
    async with place.application(models=[Sample], schema=SAMPLES):
        sample = await Sample.create({name: value})
        found = await Sample.find(sample.id)
        assert found.read(name) == value
        found.write(name, value)
        assert not found.is_changed()
        found.write(name, {**value, "b": 5})
        assert found.is_changed()


async def test_json_with_nul_is_refused_by_name(place: TestEnvironment) -> None:
    async with place.application(models=[Sample], schema=SAMPLES):
        with pytest.raises(Exception, match="NUL character, which PostgreSQL cannot store"):
            await Sample.create(data=["a\0b"])
        escaped = await Sample.create(data=["a\\u0000b"])
        assert (await Sample.find(escaped.id)).data == ["a\\u0000b"]


class Count(Record):
    id: Attribute[int]
    number: Attribute[Any]


COUNTS = "CREATE TABLE counts (id BIGSERIAL PRIMARY KEY, number INT4)"


async def test_an_integer_of_32_bits_refuses_more_and_says_what_takes_it(
    place: TestEnvironment,
) -> None:
    async with place.application(models=[Count]) as configuration:
        await configuration.database().execute_script(COUNTS)
        configuration.database().forget_schema()
        assert (await Count.create(number=-(2**31))).number == -(2**31)
        with pytest.raises(Exception, match="bigint takes larger ones"):
            await Count.create(number=2**31)
        with pytest.raises(UnsupportedValueError):
            await Count.where(number=2**40).count()
        with pytest.raises(ValueOutOfRangeError, match="32 bits"):
            await configuration.database().execute("UPDATE counts SET number = $1", (2**40,))


async def test_parameters_of_the_wrong_type_are_named_and_never_shown(
    place: TestEnvironment,
) -> None:
    async with application() as configuration:
        database = configuration.database()
        for sql, value, hint in (
            ("SELECT * FROM tasks WHERE id = ?", "s3cret", r"\$1 is of the Python type str"),
            ("SELECT * FROM tasks WHERE name = ?", 5, "needs the type text"),
        ):
            with pytest.raises(ValueOutOfRangeError, match=hint) as caught:
                await database.fetch(sql, (value,))
            assert "s3cret" not in str(caught.value)
            assert caught.value.__cause__ is None
        with pytest.raises(ValueOutOfRangeError, match="takes 1 parameters, but got 2"):
            await database.fetch("SELECT * FROM tasks WHERE id = $1", (1, 2))


# Errors


async def test_constraints_say_table_columns_and_name(place: TestEnvironment) -> None:
    schema = '''
    CREATE TABLE parents (id BIGSERIAL PRIMARY KEY, "Odd, ""Name""" TEXT, name TEXT);
    CREATE UNIQUE INDEX odd ON parents ("Odd, ""Name""", name);
    CREATE UNIQUE INDEX folded ON parents (lower(name));
    CREATE TABLE children (parent_id BIGINT CONSTRAINT has_parent REFERENCES parents (id));
    '''
    async with place.application() as configuration:
        database = configuration.database()
        await database.execute_script(schema)
        await database.execute("INSERT INTO parents VALUES (1, 'a', 'b')")
        for sql, kind, table, constraint in (
            ("INSERT INTO parents VALUES (2, 'a', 'b')", UniqueConstraintError, "parents", None),
            ("INSERT INTO parents VALUES (1, 'c', 'd')", UniqueConstraintError, "parents", "pkey"),
            ("INSERT INTO children VALUES (5)", ForeignKeyConstraintError, "children", "parent"),
            ("INSERT INTO parents VALUES (NULL)", NotNullConstraintError, "parents", None),
        ):
            with pytest.raises(kind) as caught:
                await database.execute(sql)
            assert caught.value.table == table
            assert constraint is None or constraint in str(caught.value.constraint)
        with pytest.raises(UniqueConstraintError, match="folded") as caught:
            await database.execute("INSERT INTO parents VALUES (3, 'x', 'B')")
        assert (caught.value.columns, caught.value.constraint) == ((), "folded")


async def test_a_read_only_database_refuses_every_write(place: TestEnvironment) -> None:
    async with place.databases.fresh("") as url, place.directory() as directory:
        factory = NodePostgresqlDriverFactory()
        files = place.handler().files(directory)
        writer = Database(parse_settings("default", url), factory, files)
        await writer.execute_script("CREATE TABLE t (n INTEGER)")
        reader = Database(
            parse_settings("default", {"url": url, "read_only": True}), factory, files
        )
        with pytest.raises(ReadOnlyDatabaseError):
            await reader.execute("WITH new AS (INSERT INTO t VALUES (1) RETURNING n) TABLE new")
        with pytest.raises(ReadOnlyDatabaseError):
            await reader.drop()
        assert await reader.fetch("SELECT * FROM t") == []
        await reader.close()
        await writer.close()


# Many rows


async def test_copied_rows_are_what_inserted_rows_would_be(place: TestEnvironment) -> None:
    async with application() as configuration:
        database = configuration.database()
        insert = 'INSERT INTO "tasks" ("name", "position") VALUES ($1, $2)'
        awkward = ["tab\t", "new\nline", "back\\slash", "\\N", "🦊", ""]
        rows = [(f"{awkward[n % 6]}{n}", None if n % 2 else n) for n in range(200)]
        assert await database.execute_many(insert, rows) == 200
        stored = await database.fetch("SELECT id, name, position FROM tasks ORDER BY id")
        assert stored == [(n + 1, *row) for n, row in enumerate(rows)]
        with pytest.raises(NotNullConstraintError):
            await database.execute_many(insert, [*rows, (None, 1)])
        with pytest.raises(ValueOutOfRangeError) as caught:
            await database.execute_many(insert, [*rows, ("s3cret", "s3cret")])
        assert "s3cret" not in str(caught.value)
        assert len(await names(database)) == 200


async def test_rows_are_copied_through_no_view_and_past_no_rule(place: TestEnvironment) -> None:
    async with application() as configuration:
        database = configuration.database()
        await database.execute_script("""
            CREATE VIEW short AS SELECT name, position FROM tasks;
            CREATE RULE loud AS ON INSERT TO tasks WHERE new.position = 1 DO INSTEAD NOTHING;
        """)
        rows = [(f"n{n}", n % 2) for n in range(100)]
        await database.execute_many(
            'INSERT INTO "tasks" ("name", "position") VALUES ($1, $2)', rows
        )
        assert len(await names(database)) == 50
        await database.execute("DROP RULE loud ON tasks")
        await database.execute_many(
            'INSERT INTO "short" ("name", "position") VALUES ($1, $2)', rows
        )
        assert len(await names(database)) == 150


async def test_many_updates_say_how_many_rows_they_changed(place: TestEnvironment) -> None:
    async with application() as configuration:
        database = configuration.database()
        await database.execute("INSERT INTO tasks (name) VALUES ('a'), ('b'), ('b')")
        update = "UPDATE tasks SET position = $1 WHERE name = $2"
        assert await database.execute_many(update, [(1, "a"), (2, "b"), (3, "c")]) == 3
        upsert = "INSERT INTO tasks (id, name) VALUES ($1, 'x') ON CONFLICT DO NOTHING"
        assert await database.execute_many(upsert, [(1,), (77,)]) == 1


# Rows in order, and rows locked


class Task(Record):
    id: Attribute[int]
    name: Attribute[str]
    position: Attribute[Any]


async def test_the_order_by_key_uses_its_index(place: TestEnvironment) -> None:
    async with application(models=[Task]) as configuration:
        database = configuration.database()
        await database.execute(
            "INSERT INTO tasks (name) SELECT 'n' || g FROM generate_series(1, 5000) g"
        )
        await database.execute("ANALYZE tasks")
        assert "NULLS" not in await Task.order("id").to_sql()
        assert "Index Scan" in await Task.order("-id").limit(3).explain()
        assert "NULLS FIRST" in await Task.order("position").to_sql()
        assert "NULLS LAST" in await Task.order("-position").to_sql()


async def test_workers_skip_each_others_rows(place: TestEnvironment) -> None:
    async with application(models=[Task]) as configuration:
        database = configuration.database()
        await database.execute("INSERT INTO tasks (name) VALUES ('a'), ('b')")
        async with outsider(database) as other, other.transaction():
            await other.execute("SELECT * FROM tasks WHERE name = 'a' FOR UPDATE")
            async with Task.transaction():
                free = await Task.order("id").limit(1).lock(skip_locked=True).pluck("name")
                assert free == ["b"]
            with pytest.raises(LockTimeoutError):
                async with Task.transaction():
                    await Task.order("id").lock(nowait=True).to_list()


class CreateRanked(Migration):
    async def up(self) -> None:
        async with self.create_table("ranks") as t:
            t.integer("place", index=True)
            t.integer("shelf", null=False, index=True)
            t.integer("late")
        await self.add_index("ranks", ["shelf", "late"])
        await self.execute(
            "INSERT INTO ranks (place, shelf) SELECT nullif(g % 97, 5), g % 50 "
            "FROM generate_series(1, 20000) g"
        )
        await self.execute("ANALYZE ranks")


class Rank(Record):
    id: Attribute[int]
    place: Attribute[Any]
    shelf: Attribute[Any]


async def test_indexes_of_migrations_serve_the_orders_of_queries(place: TestEnvironment) -> None:
    async with place.application(models=[Rank], schema=[CreateRanked]) as configuration:
        for order in ("place", "-place", "shelf", "-shelf"):
            assert "Index" in await Rank.order(order).limit(3).explain(), order
        assert "Sort" not in await Rank.where(shelf=7).order("late").limit(3).explain()
        assert await Rank.order("place").limit(1).pluck("place") == [None]
        assert await Rank.order("-place").limit(1).pluck("place") == [96]
        (index,) = await configuration.database().fetch(
            "SELECT indexdef FROM pg_indexes WHERE indexname LIKE '%shelf_and_late' "
            "AND schemaname = current_schema()"
        )
        assert "(shelf, late NULLS FIRST)" in index[0]


# Structure


class CreateAlmostEverything(Migration):
    async def up(self) -> None:
        await self.execute("CREATE TYPE color AS ENUM ('red', 'it''s')")
        await self.execute("CREATE DOMAIN size AS integer DEFAULT 1 NOT NULL CHECK (VALUE > 0)")
        await self.execute("CREATE SEQUENCE tickets START 100 INCREMENT 5 CYCLE MAXVALUE 1000")
        await self.execute(
            "CREATE FUNCTION shout(t text) RETURNS text LANGUAGE sql IMMUTABLE "
            "AS $$ SELECT upper(t) || ';' $$"
        )
        async with self.create_table("owners", id="uuid") as t:
            t.string("name", limit=40, null=False)
        await self.execute("""
            CREATE TABLE "Things; odd" (
              id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              ticket INTEGER NOT NULL DEFAULT nextval('tickets'), number SERIAL,
              owner_id UUID REFERENCES owners (id) ON DELETE SET NULL ON UPDATE CASCADE,
              name TEXT COLLATE "C" DEFAULT 'it''s',
              loud TEXT GENERATED ALWAYS AS (shout(name)) STORED,
              color color DEFAULT 'red', size size, tags TEXT[] NOT NULL DEFAULT '{}',
              price NUMERIC(8, 2) CHECK (price >= 0), during TSTZRANGE,
              CONSTRAINT one_name UNIQUE (name, color) DEFERRABLE,
              EXCLUDE USING gist (during WITH &&)
            )
        """)
        await self.execute(
            'CREATE INDEX part ON "Things; odd" (lower(name), price DESC NULLS LAST) '
            "INCLUDE (size) WHERE price > 1"
        )
        await self.execute("CREATE TABLE days (day DATE NOT NULL, n INT) PARTITION BY RANGE (day)")
        await self.execute(
            "CREATE TABLE days_26 PARTITION OF days "
            "FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')"
        )
        await self.execute("CREATE INDEX on_days ON days (day)")
        await self.execute('CREATE VIEW zviews AS SELECT id, name FROM "Things; odd"')
        await self.execute("CREATE VIEW aviews AS SELECT name FROM zviews -- the end")
        await self.execute("CREATE MATERIALIZED VIEW counts AS SELECT count(*) AS n FROM owners")
        await self.execute("CREATE UNIQUE INDEX one_count ON counts (n)")
        await self.execute(
            "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS "
            "$body$ BEGIN UPDATE owners SET name = 'x'; RETURN new; END $body$"
        )
        await self.execute(
            "CREATE TRIGGER touched AFTER UPDATE OF name ON owners FOR EACH ROW "
            "WHEN (new.name <> old.name) EXECUTE FUNCTION touch()"
        )
        await self.execute("CREATE TYPE place AS (x NUMERIC(4, 1), y NUMERIC(4, 1))")
        await self.execute(
            "CREATE TABLE shops (id INT GENERATED BY DEFAULT AS IDENTITY (START 7) PRIMARY KEY, "
            "at place, owner_name TEXT)"
        )
        await self.execute(
            "CREATE FUNCTION all_shops() RETURNS SETOF shops LANGUAGE sql "
            "BEGIN ATOMIC SELECT * FROM shops; SELECT * FROM shops WHERE id > 0; END"
        )
        await self.execute("CREATE RULE quiet AS ON DELETE TO shops DO INSTEAD NOTHING")
        await self.execute("ALTER TABLE shops ENABLE ROW LEVEL SECURITY")
        await self.execute(
            "CREATE POLICY mine ON shops FOR UPDATE USING (owner_name = current_user) "
            "WITH CHECK (id > 0)"
        )
        await self.execute("COMMENT ON COLUMN owners.name IS 'what it''s called'")


async def test_a_structure_loads_to_the_same_schema(place: TestEnvironment) -> None:
    async with place.application(schema=[CreateAlmostEverything]) as made:
        text = await structure_sql(made.database())
        assert "test_" not in text, "a name is qualified by its schema"
    async with place.application() as loaded:
        await load_structure_sql(loaded.database(), text)
        assert await structure_sql(loaded.database()) == text
        table = await loaded.database().table("Things; odd")
        loud = table.column("loud")
        assert loud is not None and loud.generated


async def test_a_type_that_a_view_uses_is_not_changed(place: TestEnvironment) -> None:
    class Change(Migration):
        async def up(self) -> None:
            await self.execute("CREATE TABLE t (n INTEGER)")
            await self.execute("CREATE VIEW v AS SELECT n FROM t")
            await self.change_column("t", "n", "bigint")

    with pytest.raises(MigrationError, match="view v"):
        async with place.application(schema=[Change]):
            pass


async def test_a_changed_type_keeps_rows_and_defaults(place: TestEnvironment) -> None:
    class Change(Migration):
        async def up(self) -> None:
            async with self.create_table("t") as t:
                t.string("n", default="5")
                t.boolean("flag", default=True)
            await self.execute("INSERT INTO t (n) VALUES ('17'), (NULL)")
            await self.change_column("t", "n", "integer")
            await self.change_column("t", "flag", "string")

    async with place.application(schema=[Change]) as configuration:
        database = configuration.database()
        await database.execute("INSERT INTO t DEFAULT VALUES")
        rows = await database.fetch("SELECT n, flag FROM t ORDER BY id")
        assert rows == [(17, "true"), (None, "true"), (5, "true")]
        column = (await database.table("t")).column("n")
        assert column is not None
        assert (column.kind, column.default) == ("integer", "5")


class BuildIndex(Migration):
    disable_transaction = True

    async def up(self) -> None:
        await self.execute("CREATE TABLE IF NOT EXISTS big (n INTEGER)")
        await asyncio.sleep(0.1)
        await self.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS on_n ON big (n)")


async def test_an_index_is_built_concurrently_while_another_process_waits_to_migrate(
    place: TestEnvironment,
) -> None:
    async with place.databases.fresh("") as url:
        one, other = (
            Configuration(
                environment_handler=place.handler(), environment="test", databases={"default": url}
            )
            for _ in range(2)
        )
        async with one, other, asyncio.timeout(20):
            done = await asyncio.gather(
                *(
                    Migrator(each, provider=ListedMigrations([BuildIndex])).migrate()
                    for each in (one, other)
                )
            )
            assert sorted(map(len, done)) == [0, 1]
            assert [index.name for index in (await one.database().table("big")).indexes] == ["on_n"]


# Databases, and how to reach them


async def test_databases_are_created_and_dropped(place: TestEnvironment) -> None:
    async with place.databases.fresh("") as url:
        other = str(url).partition("?")[0].replace(DATABASE, f"odd%20name%20{os.getpid()}")
    settings = parse_settings("default", other)
    database = Database(settings, NodePostgresqlDriverFactory(), place.handler().files(None))
    await database.drop()
    assert await database.create() is True
    assert await database.create() is False
    assert await database.fetch("SELECT current_database()::text") == [(f"odd name {os.getpid()}",)]
    texts = "SELECT t FROM (VALUES ('b'), ('A'), ('a'), ('B'), ('ä')) AS texts (t) ORDER BY t"
    assert [text for (text,) in await database.fetch(texts)] == ["A", "B", "a", "b", "ä"]
    assert await database.fetch("SELECT upper('ä') <> 'x', octet_length('ä')") == [(True, 2)]
    assert await database.drop() is True
    assert await database.drop() is False


async def test_the_session_is_in_utc_and_has_a_name() -> None:
    async with application("&application_name=shop") as configuration:
        rows = await configuration.database().fetch(
            "SELECT current_setting('timezone'), current_setting('application_name'), now()"
        )
        assert rows[0][:2] == ("UTC", "shop")
        assert rows[0][2].tzinfo is not None


@asynccontextmanager
async def shared_sessions() -> AsyncGenerator[Database]:
    """A database that is reached as if other clients used the same sessions."""
    place = environment_called("node-postgresql")
    async with place.databases.fresh("") as url:
        settings = parse_settings(
            "default", {"url": f"{str(url).partition('?')[0]}?prepared_statements=false", "pool": 1}
        )
        database = Database(settings, NodePostgresqlDriverFactory(), place.handler().files(None))
        yield database
        await database.close()


async def test_without_prepared_statements_nothing_stays_on_the_server() -> None:
    async with shared_sessions() as database:
        await database.execute_script("CREATE TEMPORARY TABLE tasks (id SERIAL, name TEXT)")
        for number in range(3):
            await database.execute("INSERT INTO tasks (name) VALUES (?)", (f"n{number}",))
        assert await names(database) == ["n0", "n1", "n2"]
        async with database.transaction():
            await database.execute_many("INSERT INTO tasks (name) VALUES ($1)", [("x",), ("y",)])
        assert await database.fetch("SELECT count(*) FROM pg_prepared_statements") == [(0,)]


def test_a_pool_of_sessions_is_sent_nothing_that_it_would_refuse() -> None:
    def sent(url_options: str, **options: Any) -> dict[str, str]:
        url = f"postgresql://localhost/x?prepared_statements=false{url_options}"
        settings = parse_settings("default", {"url": url, **options})
        return session(settings, address_of(settings))

    assert sent("&application_name=shop") == {"timezone": "UTC", "application_name": "shop"}
    for url_options in ("&statement_timeout=5", "&search_path=a", "&lock_timeout=1"):
        with pytest.raises(ConfigurationError, match="ALTER ROLE"):
            sent(url_options)
    with pytest.raises(ConfigurationError, match="default_transaction_read_only"):
        sent("", read_only=True)


async def test_a_missing_package_is_named_with_its_command(
    place: TestEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without_asyncpg(name: str, *rest: Any, **named: Any) -> Any:
        if name == "asyncpg":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without_asyncpg)
    settings = parse_settings("default", "postgresql://localhost/x")
    with pytest.raises(ConfigurationError, match=r"pip install 'velocious\[postgresql\]'"):
        NodePostgresqlDriverFactory().create(settings, place.handler().files(None))


async def test_sums_and_averages_are_exact_numbers(place: TestEnvironment) -> None:
    async with place.application(models=[Sample], schema=SAMPLES):
        for price in ("0.1", "0.2", "10"):
            await Sample.create(price=price, small=3)
        assert await Sample.query().sum("price") == Decimal("10.3")
        assert type(await Sample.query().sum("small")) is int
        assert await Sample.query().average("small") == 3.0
        assert await Sample.query().sum("id") == 6


async def test_uuid_keys_are_plain_uuids(place: TestEnvironment) -> None:
    class Owner(Record):
        id: Attribute[Any]

    async with place.application(models=[Owner]) as configuration:
        await configuration.database().execute_script("CREATE TABLE owners (id UUID PRIMARY KEY)")
        configuration.database().forget_schema()
        owner = await Owner.create()
        assert type(owner.id) is UUID
        assert (await Owner.find(owner.id)).id == owner.id
        assert await Owner.where(raw("id = ?", owner.id).sql, owner.id).count() == 1
        with pytest.raises(StatementError, match="does not exist"):
            await Owner.where("nope = 1").count()
