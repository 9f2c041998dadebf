"""`db:copy` between databases of each kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.node.copies import PLACES, empty_database, opened, with_everything
from velocious.transfer.table_copy import TableCopy

if TYPE_CHECKING:
    from pathlib import Path

    from tests.node.application import GeneratedApplication
    from velocious.database.database import Database

SOURCE = "db/development.sqlite3"
FILL = """
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID
database = configuration.database()
await database.execute_many(
    "INSERT INTO people (id, name) VALUES (?, ?)",
    [(1, "Ada"), (2, "Bob"), (3, "Cyd"), (40, "gone")],
)
await database.execute("UPDATE people SET boss_id = 4 - id WHERE id < 4")
await database.execute("DELETE FROM people WHERE id = 40")
await database.execute_many(
    "INSERT INTO teams (id, name, leader_id) VALUES (?, ?, ?)", [(1, "One", 2), (2, "Zwei", None)]
)
await database.execute("UPDATE people SET team_id = 1 WHERE id < 3")
await Value.create(
    id=UUID(int=7), label="it's “quoted” 🎉", body="x" * 300_000, small=-5, large=2**62,
    real=0.1 + 0.2, price=Decimal("12345678901234.567891"), done=True, day=date(2026, 2, 28),
    clock=time(23, 59, 59, 999999), moment=datetime(1969, 7, 20, 20, 17, 40, 123456, tzinfo=UTC),
    document={"b": [1, 2.5, None, True, "ü"], "a": {"x": 12345678901234567890}},
    blob=bytes(range(256)) * 10, person_id=1,
)
await Value.create(id=UUID(int=8), label="", body="", done=False, price=Decimal("0"), real=-1e300)
await Value.create(id=UUID(int=9))
await database.execute_many(
    "INSERT INTO pairs (left_id, right_id) VALUES (?, ?)", [(1, 2), (1, 2), (2, 1)]
)
await database.execute_many(
    "INSERT INTO words (language, word, uses) VALUES (?, ?, ?)",
    [("de", f"wort{number}", number) for number in range(700)]
    + [("en", "Word", None), ("en", "word", 1)],
)
"""
ROWS = {"people": 3, "teams": 2, "values": 3, "pairs": 3, "words": 702}


@pytest.fixture
async def full(generated: GeneratedApplication) -> GeneratedApplication:
    """An application with rows in every table."""
    with_everything(generated)
    await generated.done("db:migrate")
    await generated.done("runner", FILL)
    return generated


async def counts(database: Database) -> dict[str, int]:
    quote = database.dialect.quote
    return {
        name: (await database.fetch(f"SELECT COUNT(*) FROM {quote(name)}"))[0][0] for name in ROWS
    }


async def values(database: Database) -> list[tuple[object, ...]]:
    """The rows of the table with a column of each type, as Python has them."""
    table = await database.table("values")
    names = ", ".join(database.dialect.quote(column.name) for column in table.columns)
    types = [database.dialect.column_type(column.kind) for column in table.columns]
    rows = await database.fetch(
        f"SELECT {names} FROM {database.dialect.quote('values')} ORDER BY id"
    )
    return [
        tuple(
            None if value is None else type.decode(value)
            for type, value in zip(types, row, strict=True)
        )
        for row in rows
    ]


@pytest.mark.parametrize("place", PLACES)
async def test_every_row_arrives_exactly(
    full: GeneratedApplication, place: str, tmp_path: Path
) -> None:
    async with empty_database(place, tmp_path / "other") as url:
        text = await full.done("db:copy", "--to", url)
        assert "Copied 713 rows of 5 tables" in text
        source_url = f"sqlite:///{full.directory}/{SOURCE}"
        async with opened(source_url) as source, opened(url) as target:
            assert await counts(target) == ROWS
            assert await values(target) == await values(source)
            assert await target.fetch("SELECT * FROM people ORDER BY id") == await source.fetch(
                "SELECT * FROM people ORDER BY id"
            )
            assert "velocious_copy" not in await target.table_names()


@pytest.mark.parametrize("place", PLACES)
async def test_the_next_key_is_behind_all_that_were_ever_given(
    full: GeneratedApplication, place: str, tmp_path: Path
) -> None:
    async with empty_database(place, tmp_path / "other") as url:
        await full.done("db:copy", "--to", url)
        async with opened(url) as target:
            await target.execute("INSERT INTO people (name) VALUES ('new')")
            rows = await target.fetch("SELECT MAX(id) FROM people")
            assert rows == [(41,)]


@pytest.mark.parametrize("place", PLACES)
async def test_what_came_from_sqlite_goes_back_into_it(
    full: GeneratedApplication, place: str, tmp_path: Path
) -> None:
    back = f"sqlite:///{tmp_path}/back.sqlite3"
    async with empty_database(place, tmp_path / "other") as url:
        await full.done("db:copy", "--to", url)
        await full.done("db:copy", "--from", url, "--to", back)
    source_url = f"sqlite:///{full.directory}/{SOURCE}"
    async with opened(source_url) as source, opened(back) as target:
        assert await counts(target) == ROWS
        assert await values(target) == await values(source)


@pytest.mark.parametrize("words", [(), ("--truncate",)])
async def test_foreign_keys_in_a_circle_are_back_after_a_copy_that_was_killed(
    full: GeneratedApplication,
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write = TableCopy._write

    async def failing(self: TableCopy, encoded: list[tuple[object, ...]]) -> None:
        await write(self, encoded)
        raise OSError("killed")

    async with empty_database("node-postgresql", tmp_path / "other") as url:
        async with opened(url) as target:
            await full.done("db:copy", "--to", url)
            keys = [(await target.table(name)).foreign_keys for name in ("people", "teams")]
            monkeypatch.setattr(TableCopy, "_write", failing)
            assert (await full.line("db:copy", "--to", url, "--truncate"))[0] == 1
            target.forget_schema()
            assert (await target.table("people")).foreign_keys != keys[0]
            monkeypatch.setattr(TableCopy, "_write", write)
            await full.done("db:copy", "--to", url, *words)
            target.forget_schema()
            assert [(await target.table(name)).foreign_keys for name in ("people", "teams")] == keys
            assert await counts(target) == ROWS
