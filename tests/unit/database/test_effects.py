"""What an SQL text changes, by the text alone: rather too much than too little."""

from __future__ import annotations

import pytest

from velocious.database.effects import ANYTHING, Effect, effect_of, names, words_of


def certain(verb: str, table: str) -> Effect:
    return Effect(verb, frozenset({table}), certain=True)


@pytest.mark.parametrize(
    ("sql", "effect"),
    [
        ('INSERT INTO "tasks" ("name") VALUES (?)', certain("INSERT", "tasks")),
        ("INSERT INTO `tasks` (`name`) VALUES (?)", certain("INSERT", "tasks")),
        ('INSERT INTO "tasks" DEFAULT VALUES', certain("INSERT", "tasks")),
        ("insert  into Tasks select * from old", certain("INSERT", "tasks")),
        ('INSERT INTO "t" ("a") VALUES (?) ON CONFLICT DO NOTHING', certain("UPDATE", "t")),
        ('UPDATE "my tasks" SET "name" = ?', certain("UPDATE", "my tasks")),
        ("\n UPDATE tasks\nSET name = 1", certain("UPDATE", "tasks")),
        ('DELETE FROM "tasks" WHERE "id" = ?', certain("DELETE", "tasks")),
        ("DELETE FROM tasks", certain("DELETE", "tasks")),
        ("DELETE FROM tasks;  ", certain("DELETE", "tasks")),
    ],
)
def test_a_plain_statement_changes_the_table_that_it_names(sql: str, effect: Effect) -> None:
    assert effect_of(sql) == effect


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE tasks JOIN projects ON true SET tasks.name = 1",
        "UPDATE tasks AS t SET name = 1",
        "UPDATE OR IGNORE tasks SET name = 1",
        "DELETE t FROM tasks AS t",
        "DELETE FROM main.tasks WHERE id = 1",
        "DELETE FROM tasks USING projects WHERE true",
        "REPLACE INTO tasks VALUES (1)",
        "REPLACE tasks SET name = 1",
        "INSERT OR REPLACE INTO tasks VALUES (1)",
        "INSERT IGNORE INTO tasks VALUES (1)",
        "/* a note */ INSERT INTO tasks VALUES (1)",
        "-- a note\nDELETE FROM tasks",
        "WITH old AS (SELECT 1) DELETE FROM tasks",
        "WITH gone AS (DELETE FROM tasks RETURNING *) SELECT * FROM gone",
        "EXPLAIN ANALYZE DELETE FROM tasks",
        "SELECT * INTO tasks FROM projects",
        "MERGE INTO tasks USING projects ON true WHEN MATCHED THEN DELETE",
        "/*!50000 INSERT INTO tasks VALUES (1) */",
    ],
)
def test_another_write_may_change_every_table_among_its_words(sql: str) -> None:
    effect = effect_of(sql)
    assert effect is not None
    assert not effect.certain
    assert effect.tables is not None
    assert "tasks" in effect.tables


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE tasks (id INTEGER)",
        "DROP TABLE tasks",
        "ALTER TABLE tasks ADD COLUMN x",
        "TRUNCATE tasks",
        "CALL something()",
        "DELETE FROM tasks; DELETE FROM projects",
        "SELECT 1; DELETE FROM tasks",
        "DO $$ BEGIN DELETE FROM tasks; END $$",
        "COPY tasks FROM '/tmp/x'",
        "REFRESH MATERIALIZED VIEW v",
        'DELETE FROM U&"d\\0061ta" WHERE true',
        "",
    ],
)
def test_what_nobody_understands_may_change_anything(sql: str) -> None:
    assert effect_of(sql) == ANYTHING


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM tasks",
        "(SELECT 1) UNION (SELECT 2)",
        "SELECT replace(name, 'a', 'b') FROM tasks",
        "SELECT updated_at, insert_count FROM tasks",
        'SELECT "set" FROM tasks',
        "SELECT * FROM tasks FOR UPDATE SKIP LOCKED",
        "WITH recent AS (SELECT 1) SELECT * FROM recent",
        "VALUES (1)",
        "EXPLAIN QUERY PLAN SELECT 1",
        "PRAGMA foreign_keys",
        "SET search_path TO x",
        "SHOW TABLES",
        "ANALYZE",
        "VACUUM",
    ],
)
def test_a_read_changes_nothing(sql: str) -> None:
    assert effect_of(sql) is None


def test_words_hold_every_spelling_of_a_table() -> None:
    words = words_of("SELECT \"A\".x FROM `tasks` JOIN [Projects] ON main.items.y = 'later'")
    assert {"tasks", "projects", "items"} <= words
    assert names(words, "Tasks")
    assert not names(words, "others")


def test_a_table_with_signs_in_its_name_always_counts() -> None:
    assert names(frozenset(), "odd-name")
