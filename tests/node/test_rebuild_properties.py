"""Whatever a SQLite table is like: a change of one thing changes nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from velocious.configuration import Configuration
from velocious.migration import Migration, Migrator, sql
from velocious.testing.migrations import ListedMigrations
from velocious_node import NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hypothesis.strategies import DrawFn

    from velocious.database.database import Database

    type Change = Callable[[Migration, str], Awaitable[object]]

NAMES = ["a", "b b", "ü", 'q"', "order", "c,d", "check"]
ENDS = ["", " -- the end\n", " /* a, (b */"]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True)
class Made:
    """A table with everything around it.

    Attributes:
        statements: what makes it all.
        names: its ordinary columns.
        strict: whether it has SQLite's own types only.
    """

    statements: list[str]
    names: list[str]
    strict: bool


@st.composite
def tables(draw: DrawFn) -> Made:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True))
    strict, without_rowid = draw(st.booleans()), draw(st.booleans())
    counted = not without_rowid and draw(st.booleans())
    key = "id INTEGER PRIMARY KEY" + (" AUTOINCREMENT" if counted else "")
    columns = [f"{key} NOT NULL", *(draw(column(name)) for name in names)]
    first = quoted(names[0])
    if draw(st.booleans()):
        how = draw(st.sampled_from(["STORED", "VIRTUAL"]))
        columns.append(f"made TEXT GENERATED ALWAYS AS ({first} || '!') {how}")
    columns.append("parent INTEGER REFERENCES parents (id) ON DELETE CASCADE")
    if draw(st.booleans()):
        columns.append(f"CONSTRAINT sized CHECK (length({first}) < 100)")
    options = ", ".join(
        word for word, is_on in (("STRICT", strict), ("WITHOUT ROWID", without_rowid)) if is_on
    )
    body = f",{draw(st.sampled_from(ENDS))}\n".join(columns)
    statements = [
        "CREATE TABLE parents (id INTEGER PRIMARY KEY)",
        f"CREATE TABLE things ({body}\n) {options}",
        "CREATE TABLE children (id INTEGER PRIMARY KEY, "
        "thing INTEGER REFERENCES things (id) ON DELETE CASCADE ON UPDATE CASCADE)",
        "CREATE TABLE log (line TEXT)",
    ]
    last = quoted(names[-1])
    extras = [
        f"CREATE INDEX plain ON things ({first}, {last} DESC)",
        f"CREATE UNIQUE INDEX only ON things (id, {last})",
        f"CREATE INDEX partial ON things ({last}) WHERE {first} IS NOT NULL",
        f"CREATE INDEX lowered ON things (lower({first}))",
        "CREATE TRIGGER noted AFTER DELETE ON things BEGIN INSERT INTO log VALUES (old.id); END",
        f"CREATE VIEW seen AS SELECT id, {first} AS one FROM things WHERE {last} IS NOT NULL",
    ]
    statements += [extra for extra in extras if draw(st.booleans())]
    statements.append("INSERT INTO parents VALUES (1), (2)")
    for number in range(1, draw(st.integers(1, 4))):
        values = ", ".join(draw(st.sampled_from(["'x'", "'It''s'", "''", "'1'"])) for _ in names)
        listed = ", ".join(map(quoted, names))
        statements.append(
            f"INSERT INTO things (id, parent, {listed}) VALUES ({number * 3}, 1, {values})"
        )
        statements.append(f"INSERT INTO children (thing) VALUES ({number * 3})")
    if counted:
        filler = ", ".join("'y'" for _ in names)
        listed = ", ".join(map(quoted, names))
        statements.append(f"INSERT INTO things (id, {listed}) VALUES (77, {filler})")
        statements.append("DELETE FROM things WHERE id = 77")
    return Made(statements, names, strict)


@st.composite
def column(draw: DrawFn, name: str) -> str:
    parts = [quoted(name), "TEXT"]
    if draw(st.booleans()):
        parts.append("NOT NULL")
    if draw(st.booleans()):
        parts.append(
            draw(st.sampled_from(["DEFAULT 'it''s'", "DEFAULT (upper('a'))", "DEFAULT ''"]))
        )
    if draw(st.booleans()):
        parts.append("COLLATE NOCASE")
    if draw(st.booleans()):
        parts.append(f"CHECK ({quoted(name)} <> 'never')")
    return " ".join(parts)


CHANGES: dict[str, Change] = {
    "null": lambda m, name: m.change_column_null("things", name, True),
    "not null": lambda m, name: m.change_column_null("things", name, False, "filled"),
    "a default": lambda m, name: m.change_column_default("things", name, "new"),
    "no default": lambda m, name: m.change_column_default("things", name, None),
    "a type": lambda m, name: m.change_column("things", name, "string", limit=20),
    "a check": lambda m, name: m.add_check_constraint("things", "id < 1000", name="few"),
    "a key": lambda m, name: m.add_foreign_key("things", "parents", column="parent", name="fk_2"),
    "a computed column": lambda m, name: m.add_column(
        "things", "moment", "text", default=sql("upper('a')")
    ),
    "a stored column": lambda m, name: m.add_column("things", "twice", "text", generated="id * 2"),
    "a reference": lambda m, name: m.add_reference("things", "other", foreign_key="parents"),
}
#: Whether what is said about a column, or about the table's keys, is what the change is about.
ABOUT_COLUMN = {"null", "not null", "a default", "no default", "a type"}
NEW = {"moment", "twice", "other_id"}
NEEDS_OUR_TYPES = {"a type", "a reference"}


async def described(database: Database, changed: str) -> dict[str, Any]:
    """All there is to say about the database, except about the column *changed*."""

    async def rows(query: str) -> list[Any]:
        return sorted(await database.fetch(query), key=repr)

    xinfo = await rows(
        "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo('things')"
    )
    ordinary = [row[0] for row in xinfo if row[0] not in NEW and not row[5]]
    listed = ", ".join(map(quoted, ordinary))
    return {
        "columns": [row for row in xinfo if row[0] not in {changed, *NEW}],
        "rows": await rows(f"SELECT {listed} FROM things"),
        "children": await rows("SELECT * FROM children"),
        "log": await rows("SELECT * FROM log"),
        "indexes and the rest": await rows(
            "SELECT type, name, sql FROM sqlite_schema "
            "WHERE type <> 'table' AND sql IS NOT NULL AND name NOT LIKE 'index_things_on_other_id'"
        ),
        "other tables": await rows(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name <> 'things' "
            "AND name NOT IN ('schema_migrations', 'sqlite_sequence')"
        ),
        "keys to it": await rows("SELECT * FROM pragma_foreign_key_list('children')"),
        "kind": await rows("SELECT strict, wr FROM pragma_table_list WHERE name = 'things'"),
        "sequence": await last_key(database),
    }


async def last_key(database: Database) -> list[Any]:
    names = await database.fetch("SELECT name FROM sqlite_schema WHERE name = 'sqlite_sequence'")
    if not names:
        return []
    return await database.fetch("SELECT seq FROM sqlite_sequence WHERE name = 'things'")


async def clauses_kept(database: Database, made: Made, changed: str) -> None:
    """What was written about the other columns stands there as it was."""
    ((text,),) = await database.fetch("SELECT sql FROM sqlite_schema WHERE name = 'things'")
    (written,) = [one for one in made.statements if one.startswith("CREATE TABLE things")]
    for name in made.names:
        if name != changed:
            line = written[written.index(f"{quoted(name)} TEXT") :].partition(",")[0]
            assert line in text


async def check(made: Made, kind: str, name: str) -> None:
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(),
        environment="test",
        databases={"default": "sqlite:///:memory:"},
    )

    class Changes(Migration):
        async def up(self) -> None:
            await CHANGES[kind](self, name)

    async with configuration:
        database = configuration.database()
        for statement in made.statements:
            await database.execute(statement)
        changed = name if kind in ABOUT_COLUMN else ""
        before = await described(database, changed)
        await Migrator(configuration, provider=ListedMigrations([Changes])).migrate()
        assert await described(database, changed) == before
        await clauses_kept(database, made, changed)
        assert await database.fetch("PRAGMA integrity_check") == [("ok",)]
        assert await database.fetch("PRAGMA foreign_key_check") == []
        keys = await database.fetch("SELECT \"table\" FROM pragma_foreign_key_list('things')")
        assert len(keys) == 1 + (kind in ("a key", "a reference"))
        # Foreign keys and triggers work as they did.
        await database.execute("DELETE FROM parents WHERE id = 1")
        assert await database.fetch("SELECT count(*) FROM children") == [(0,)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made=tables(), kind=st.sampled_from(sorted(CHANGES)), place=st.integers(0, 3))
def test_a_change_of_a_random_table_changes_nothing_else(made: Made, kind: str, place: int) -> None:
    if made.strict and kind in NEEDS_OUR_TYPES:
        kind = "not null"
    asyncio.run(check(made, kind, made.names[place % len(made.names)]))
