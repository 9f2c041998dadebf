"""What can go wrong with `db:copy`, and what it then says and keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.node.copies import PLACES, empty_database, opened
from velocious.transfer import keys
from velocious.transfer.table_copy import TableCopy

if TYPE_CHECKING:
    from pathlib import Path

    from tests.node.application import GeneratedApplication

TABLES = """
from velocious.migration import Migration, sql


class CreatePosts(Migration):
    async def up(self):
        async with self.create_table("authors") as t:
            t.string("name", null=False)
        async with self.create_table("posts") as t:
            t.string("title", limit=20)
            t.text("body")
            t.integer("number")
            t.decimal("price", precision=10, scale=2)
            t.datetime("moment")
            t.references("author", foreign_key=True)

    async def down(self):
        pass
"""
SERVERS = ("node-mariadb", "node-postgresql")


@pytest.fixture
async def blog(generated: GeneratedApplication) -> GeneratedApplication:
    generated.write("app/db/migrations/20260101000000_create_posts.py", TABLES)
    await generated.done("db:migrate")
    await insert(generated, "INSERT INTO authors (id, name) VALUES (1, 'Ada')")
    await insert(
        generated,
        "INSERT INTO posts (title, author_id) WITH RECURSIVE n (x) AS "
        "(SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100) SELECT 'post ' || x, 1 FROM n",
    )
    return generated


async def insert(blog: GeneratedApplication, sql: str, *values: Any) -> None:
    """Write into the source as a program would that checks nothing."""
    import sqlite3

    with sqlite3.connect(blog.directory / "db/development.sqlite3") as raw:
        raw.execute(sql, values)
    raw.close()


async def failure(blog: GeneratedApplication, *words: str) -> str:
    code, text = await blog.line("db:copy", *words)
    assert code == 1, text
    return text


@pytest.mark.parametrize("place", PLACES)
async def test_a_copy_that_was_killed_goes_on_and_stores_nothing_twice(
    blog: GeneratedApplication, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "CHUNK_ROWS", 7)
    written: list[int] = []
    write = TableCopy._write

    async def failing(self: TableCopy, encoded: list[tuple[Any, ...]]) -> None:
        await write(self, encoded)
        written.append(len(encoded))
        if len(written) == 5:
            raise OSError("killed in the middle of a chunk")

    async with empty_database(place, tmp_path / "other") as url:
        monkeypatch.setattr(TableCopy, "_write", failing)
        assert (await blog.line("db:copy", "--to", url))[0] == 1
        async with opened(url) as target:
            assert await target.fetch("SELECT COUNT(*) FROM posts") == [(21,)]
        await blog.done("db:copy", "--to", url)
        assert sum(written[5:]) == 79
        async with opened(url) as target:
            rows = await target.fetch("SELECT COUNT(*), COUNT(DISTINCT title) FROM posts")
            assert rows == [(100, 100)]


@pytest.mark.parametrize("place", PLACES)
async def test_rows_of_the_target_are_deleted_only_on_demand(
    blog: GeneratedApplication, place: str, tmp_path: Path
) -> None:
    async with empty_database(place, tmp_path / "other") as url:
        await blog.done("db:copy", "--to", url)
        assert "The target has rows already, in authors, posts." in await failure(blog, "--to", url)
        await blog.done("db:copy", "--to", url, "--truncate")
        async with opened(url) as target:
            assert await target.fetch("SELECT COUNT(*) FROM posts") == [(100,)]


@pytest.mark.parametrize("place", PLACES)
async def test_rows_that_migrations_store_give_way_to_those_of_the_source(
    blog: GeneratedApplication, place: str, tmp_path: Path
) -> None:
    blog.write(
        "app/db/migrations/20260102000000_add_editor.py",
        "from velocious.migration import Migration\n\n\nclass AddEditor(Migration):\n"
        "    async def up(self):\n"
        "        await self.execute(\"INSERT INTO authors (name) VALUES ('Editor')\")\n\n"
        "    async def down(self):\n        pass\n",
    )
    await blog.done("db:migrate")
    async with empty_database(place, tmp_path / "other") as url:
        await blog.done("db:copy", "--to", url)
        async with opened(url) as target:
            rows = await target.fetch("SELECT id, name FROM authors ORDER BY id")
            assert rows == [(1, "Ada"), (2, "Editor")]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("body", "before\x00after", "NUL character"),
        ("number", 2**40, "between -2**31 and 2**31 - 1"),
        ("title", "far too long for twenty", "was refused by the target"),
        ("price", "1.005", "3 digits behind the point, and the target's column keeps 2"),
        ("moment", "yesterday", "holds 'yesterday'"),
        ("number", "many", "holds 'many'"),
    ],
)
async def test_a_value_that_postgresql_does_not_take_is_named_with_its_row(
    blog: GeneratedApplication, column: str, value: object, said: str, tmp_path: Path
) -> None:
    await insert(blog, f"UPDATE posts SET {column} = ? WHERE id = 50", value)
    async with empty_database("node-postgresql", tmp_path / "other") as url:
        text = await failure(blog, "--to", url)
        assert "The row of posts with id = 50" in text
        assert said in text
        await insert(blog, f"UPDATE posts SET {column} = NULL WHERE id = 50")
        await blog.done("db:copy", "--to", url)


async def test_nul_characters_arrive_where_they_can_be_stored(
    blog: GeneratedApplication, tmp_path: Path
) -> None:
    await insert(blog, "UPDATE posts SET body = ? WHERE id = 50", "before\x00after")
    async with empty_database("node-mariadb", tmp_path / "other") as url:
        await blog.done("db:copy", "--to", url)
        async with opened(url) as target:
            rows = await target.fetch("SELECT body FROM posts WHERE id = 50")
            assert rows == [("before\x00after",)]


@pytest.mark.parametrize("place", PLACES)
async def test_a_row_that_points_nowhere_stops_the_copy_before_it_starts(
    blog: GeneratedApplication, place: str, tmp_path: Path
) -> None:
    await insert(blog, "UPDATE posts SET author_id = 9 WHERE id = 5")
    async with empty_database(place, tmp_path / "other") as url:
        text = await failure(blog, "--to", url)
        assert "A row of posts in the source has author_id = 9, but authors has no such id" in text
        async with opened(url) as target:
            assert await target.fetch("SELECT COUNT(*) FROM authors") == [(0,)]


async def test_triggers_of_the_target_do_not_change_what_is_copied(
    blog: GeneratedApplication, tmp_path: Path
) -> None:
    async with empty_database("node-postgresql", tmp_path / "other") as url:
        await blog.done("db:copy", "--to", url, "--tables", "authors")
        async with opened(url) as target:
            await target.execute_script(
                "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "NEW.title := upper(NEW.title); RETURN NEW; END $$; CREATE TRIGGER shouting "
                "BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION shout()"
            )
        await blog.done("db:copy", "--to", url, "--tables", "posts")
        async with opened(url) as target:
            assert await target.fetch("SELECT title FROM posts WHERE id = 1") == [("post 1",)]
            await target.execute("INSERT INTO posts (title) VALUES ('new')")
            assert await target.fetch("SELECT title FROM posts WHERE id = 101") == [("NEW",)]


async def test_triggers_that_cannot_be_switched_off_are_named(
    blog: GeneratedApplication, tmp_path: Path
) -> None:
    async with empty_database("node-mariadb", tmp_path / "other") as url:
        await blog.done("db:copy", "--to", url, "--tables", "authors")
        async with opened(url) as target:
            await target.execute(
                "CREATE TRIGGER shouting BEFORE INSERT ON posts FOR EACH ROW "
                "SET NEW.title = upper(NEW.title)"
            )
        text = await failure(blog, "--to", url, "--tables", "posts")
        assert "triggers that would change what is copied (shouting)" in text


async def test_a_source_that_changes_meanwhile_is_noticed(
    blog: GeneratedApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = TableCopy.verify

    async def later(self: TableCopy, *arguments: Any) -> None:
        await insert(blog, "INSERT INTO authors (name) VALUES ('late')")
        await verify(self, *arguments)

    monkeypatch.setattr(TableCopy, "verify", later)
    text = await failure(blog, "--to", f"sqlite:///{tmp_path}/other.sqlite3")
    assert "1 rows of authors were copied, but the source now has 2" in text


async def test_a_target_that_changes_meanwhile_is_noticed(
    blog: GeneratedApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = TableCopy.verify
    url = f"sqlite:///{tmp_path}/other.sqlite3"

    async def later(self: TableCopy, *arguments: Any) -> None:
        async with opened(url) as target:
            await target.execute("UPDATE authors SET name = 'Eve'")
        await verify(self, *arguments)

    monkeypatch.setattr(TableCopy, "verify", later)
    assert "The rows of authors in the target are not those of the source" in await failure(
        blog, "--to", url
    )


async def test_another_migration_on_one_side_is_named(
    blog: GeneratedApplication, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/other.sqlite3"
    await blog.done("g:migration", "AddSubtitleToPosts", "subtitle")
    text = await failure(blog, "--to", url)
    assert "The source lacks 1 migrations" in text
    await blog.done("db:migrate", "db:copy", "--to", url)


async def test_a_copy_of_another_source_is_not_gone_on_with(
    blog: GeneratedApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, other = f"sqlite:///{tmp_path}/other.sqlite3", f"sqlite:///{tmp_path}/third.sqlite3"
    await blog.done("db:copy", "--to", other)
    await insert(blog, "UPDATE posts SET moment = 'never' WHERE id = 50")
    await failure(blog, "--to", url)
    text = await failure(blog, "--from", other, "--to", url)
    assert "a part of a copy of sqlite:///db/development.sqlite3" in text
    await blog.done("db:copy", "--from", other, "--to", url, "--truncate")


async def test_a_missing_source_costs_the_target_nothing(
    blog: GeneratedApplication, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/other.sqlite3"
    await failure(blog, "--from", "sqlite:///db/nowhere.sqlite3", "--to", url)
    assert not (tmp_path / "other.sqlite3").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say where from, where to, or both."),
        (("--to", "default"), "The source and the target are both"),
        (("--to", "sqlite:///x.sqlite3", "--tables", "post"), "Did you mean 'posts'?"),
        (("--to", "archiv"), "There is no database 'archiv'."),
    ],
)
async def test_a_wrong_line_is_explained(
    blog: GeneratedApplication, words: tuple[str, ...], said: str
) -> None:
    code, text = await blog.line("db:copy", *words)
    assert code in (1, 2)
    assert said in text


@pytest.mark.parametrize("place", SERVERS)
async def test_large_values_are_read_a_few_at_a_time(
    blog: GeneratedApplication, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "CHUNK_BYTES", 100_000)
    await insert(blog, "UPDATE posts SET body = ? WHERE id > 90", "x" * 60_000)
    sizes: list[int] = []
    write = TableCopy._write

    async def counting(self: TableCopy, encoded: list[tuple[Any, ...]]) -> None:
        sizes.append(len(encoded))
        await write(self, encoded)

    monkeypatch.setattr(TableCopy, "_write", counting)
    async with empty_database(place, tmp_path / "other") as url:
        await blog.done("db:copy", "--to", url)
    assert sum(sizes) == 101
    assert sizes[-3:] == [1, 1, 1]


@pytest.mark.parametrize("place", PLACES)
async def test_only_one_copy_at_a_time_goes_into_a_database(
    blog: GeneratedApplication, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = TableCopy._write

    async with (
        empty_database(place, tmp_path / "one") as url,
        empty_database(place, tmp_path / "two") as other,
    ):

        async def meanwhile(self: TableCopy, encoded: list[tuple[Any, ...]]) -> None:
            monkeypatch.setattr(TableCopy, "_write", write)
            assert "velocious copy" in await failure(blog, "--to", url)
            await blog.done("db:copy", "--to", other)
            await write(self, encoded)

        monkeypatch.setattr(TableCopy, "_write", meanwhile)
        await blog.done("db:copy", "--to", url)
