"""Notices of changes: after the commit, of what was written, and never of anything else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.suites.models import MODELS, SCHEMA, Account, Comment, Project, Task
from velocious.migration import Migration
from velocious.record import Record

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious import Configuration
    from velocious.database.changes import Change
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

ALBUMS = """
CREATE TABLE artists (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name VARCHAR(255));
CREATE TABLE albums (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  artist_id INTEGER REFERENCES artists (id) ON DELETE CASCADE,
  name VARCHAR(255)
);
CREATE TABLE songs (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  album_id INTEGER REFERENCES albums (id) ON DELETE SET NULL,
  name VARCHAR(255)
);
"""


class Failure(Exception):
    pass


class Heard(list["Change"]):
    """What was heard since it was last asked."""

    def tables(self) -> list[set[str] | None]:
        told = [None if one.tables is None else set(one.tables) for one in self]
        self.clear()
        return told


def listen(configuration: Configuration) -> Heard:
    heard = Heard()
    configuration.changes.subscribe(heard.append)
    return heard


@pytest.fixture
async def heard(tracker: Configuration) -> AsyncIterator[Heard]:
    yield listen(tracker)


async def test_each_write_alone_is_told_once_with_its_table(heard: Heard) -> None:
    task = await Task.create(name="a")
    assert heard.tables() == [{"tasks"}]
    await task.update(name="b")
    assert heard.tables() == [{"tasks"}]
    await Task.where(name="b").update_all(name="c")
    assert heard.tables() == [{"tasks"}]
    await Task.insert_multiple(["name"], [["d"], ["e"]])
    assert heard.tables() == [{"tasks"}]
    await Task.where(name="c").delete_all()
    assert heard.tables() == [{"tasks"}]


async def test_the_notice_names_the_database(tracker: Configuration, heard: Heard) -> None:
    await Account.create(name="x")
    [change] = heard
    assert (change.database, change.foreign) == ("default", False)
    assert change.place == tracker.database().place


async def test_reads_are_not_told(heard: Heard) -> None:
    await Task.create(name="a")
    heard.clear()
    async with Task.transaction():
        await Task.where(name="a").preload("project").to_list()
        assert await Task.count() == 1
    await Task.pluck("name")
    await Task.order("id").lock().to_list()
    assert heard == []


async def test_a_transaction_is_told_once_and_after_its_commit(heard: Heard) -> None:
    async with Task.transaction():
        await Task.create(name="a")
        await Project.create(name="b")
        await Project.create(name="c")
        assert heard == []
    assert heard.tables() == [{"tasks", "projects"}]


async def test_a_rollback_is_not_told(heard: Heard) -> None:
    with pytest.raises(Failure):
        async with Task.transaction():
            await Task.create(name="a")
            raise Failure
    assert heard == []


async def test_only_the_savepoints_that_stay_are_told(heard: Heard) -> None:
    async with Task.transaction():
        async with Task.transaction():
            await Task.create(name="kept")
        with pytest.raises(Failure):
            async with Task.transaction():
                await Project.create(name="lost")
                raise Failure
    assert heard.tables() == [{"tasks"}]


async def test_a_write_that_was_refused_is_not_told(tracker: Configuration, heard: Heard) -> None:
    with pytest.raises(Exception, match="name"):
        await tracker.database().execute("INSERT INTO projects (name) VALUES (NULL)")
    assert heard == []


async def test_raw_statements_are_told_with_the_tables_among_their_words(
    tracker: Configuration, heard: Heard
) -> None:
    database = tracker.database()
    await database.execute("UPDATE tasks SET name = 'x' WHERE id = 1")
    assert heard.tables() == [{"tasks"}]
    await database.execute("  delete from\n\ttasks where id = 1")
    assert heard.tables() == [{"tasks"}]
    await database.execute(
        "DELETE FROM tasks WHERE project_id IN (SELECT id FROM projects WHERE name = 'x')"
    )
    assert heard.tables() == [{"tasks"}]
    await database.execute("INSERT INTO comments (body) SELECT name FROM tasks")
    [told] = heard.tables()
    assert told is not None
    assert "comments" in told


async def test_a_transaction_of_very_many_texts_may_have_changed_anything(
    tracker: Configuration, heard: Heard
) -> None:
    database = tracker.database()
    async with database.transaction():
        for number in range(1100):
            await database.execute(f"UPDATE tasks SET position = {number} WHERE id = 0")
    assert heard.tables() == [None]


async def test_a_write_that_returns_rows_is_told(
    environment: TestEnvironment, tracker: Configuration, heard: Heard
) -> None:
    environment.needs("returning")
    sql = "INSERT INTO projects (name) VALUES ('x') RETURNING name"
    result = await tracker.database().execute(sql)
    assert [tuple(row) for row in result.rows] == [("x",)]
    assert heard.tables() == [{"projects"}]


async def test_scripts_may_have_changed_anything(tracker: Configuration, heard: Heard) -> None:
    await tracker.database().execute_script("DELETE FROM tasks; DELETE FROM comments;")
    assert heard.tables() == [None]


async def test_the_connection_of_a_transaction_may_have_changed_anything(
    tracker: Configuration, heard: Heard
) -> None:
    async with tracker.database().transaction() as transaction:
        await transaction.connection.execute("DELETE FROM tasks")
    assert heard.tables() == [None]


async def test_rows_that_follow_a_foreign_key_are_told(environment: TestEnvironment) -> None:
    class Artist(Record):
        id: Attribute[int]
        name: Attribute[str]

    async with environment.application(models=[Artist], schema=ALBUMS) as configuration:
        artist = await Artist.create(name="x")
        heard = listen(configuration)
        await artist.update(name="y")
        assert heard.tables() == [{"artists"}]
        await artist.destroy()
        assert heard.tables() == [{"artists", "albums", "songs"}]
        await configuration.database().execute("DELETE FROM songs")
        assert heard.tables() == [{"songs"}]


async def test_a_change_counts_for_the_views_of_the_database(
    tracker: Configuration,
) -> None:
    await tracker.database().execute("CREATE VIEW open_tasks AS SELECT * FROM tasks WHERE NOT done")
    tracker.database().forget_schema()
    heard = listen(tracker)
    await Task.create(name="x")
    assert heard.tables() == [{"tasks", "open_tasks"}]


async def test_what_was_told_of_a_statement_is_worked_out_anew_when_the_tables_have_changed(
    tracker: Configuration, heard: Heard
) -> None:
    await Task.create(name="x")
    await Task.create(name="y")
    assert heard.tables() == [{"tasks"}, {"tasks"}]
    await tracker.database().execute("CREATE VIEW open_tasks AS SELECT * FROM tasks WHERE NOT done")
    tracker.database().forget_schema()
    heard.clear()
    await Task.create(name="z")
    async with Task.transaction():
        await Task.create(name="in a transaction")
    assert heard.tables() == [{"tasks", "open_tasks"}] * 2


async def test_migrations_may_have_changed_anything(environment: TestEnvironment) -> None:
    class CreateThings(Migration):
        async def up(self) -> None:
            async with self.create_table("things") as t:
                t.string("name")

    async with environment.application(models=MODELS, schema=SCHEMA) as configuration:
        heard = listen(configuration)
        await environment.apply_schema(configuration, [CreateThings])
        assert None in heard.tables()
        await configuration.database().execute("INSERT INTO things (name) VALUES ('x')")
        assert heard.tables() == [{"things"}]


async def test_who_listens_and_fails_disturbs_nobody(
    tracker: Configuration, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(change: Change) -> None:
        raise Failure

    tracker.changes.subscribe(fail)
    heard = listen(tracker)
    assert (await Task.create(name="a")).is_persisted
    assert heard.tables() == [{"tasks"}]
    assert "A listener to changes failed" in caplog.text


async def test_nobody_is_told_after_unsubscribing(tracker: Configuration) -> None:
    before = len(tracker.changes), tracker.changes.listening
    first, second = Heard(), Heard()
    end_first = tracker.changes.subscribe(first.append)
    end_second = tracker.changes.subscribe(second.append)
    end_first()
    end_first()
    await Task.create(name="a")
    assert (len(first), len(second)) == (0, 1)
    end_second()
    assert (len(tracker.changes), tracker.changes.listening) == before


async def test_the_callbacks_of_a_transaction_run_after_its_notice(heard: Heard) -> None:
    told: list[int] = []
    async with Task.transaction() as transaction:
        await Task.create(name="a")
        transaction.after_commit(lambda: told.append(len(heard)))
    assert told == [1]


async def test_a_write_of_many_tasks_at_once_is_told_for_each(heard: Heard) -> None:
    await asyncio.gather(*(Comment.create(body=str(number)) for number in range(10)))
    assert heard.tables() == [{"comments"}] * 10
