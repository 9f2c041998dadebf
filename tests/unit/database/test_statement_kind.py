"""What a statement is, by its text."""

from __future__ import annotations

import pytest

from velocious.database.sqlite.statement_kind import (
    BULK_WRITE,
    CONTROL,
    READ,
    SLOW_READ,
    WRITE,
    StatementKinds,
    kind_of,
    surely_writes,
)


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT 1", READ),
        ("  \n-- why\n/* and\nhow */ select 1", READ),
        ("(SELECT 1)", READ),
        ("VALUES (1)", READ),
        ("EXPLAIN QUERY PLAN DELETE FROM tasks", READ),
        ("WITH x AS (SELECT 1) SELECT * FROM x", READ),
        ("WITH x AS (SELECT replace(name, 'a', 'b') FROM tasks) SELECT * FROM x", READ),
        ("WITH x AS (SELECT 1) INSERT INTO tasks SELECT * FROM x", BULK_WRITE),
        ("WITH x AS (SELECT 1) INSERT OR IGNORE INTO tasks SELECT * FROM x", BULK_WRITE),
        ("WITH x AS (SELECT 1) UPDATE tasks SET id = 1", BULK_WRITE),
        ("WITH x AS (SELECT 1) DELETE  FROM tasks", BULK_WRITE),
        ("INSERT INTO tasks (name) VALUES (?) RETURNING id", WRITE),
        ("insert into tasks select * from others", BULK_WRITE),
        ("UPDATE tasks SET name = ? WHERE id = ?", WRITE),
        ("UPDATE tasks SET name = ?", BULK_WRITE),
        ("DELETE FROM tasks WHERE id = 1", WRITE),
        ("DELETE FROM tasks", BULK_WRITE),
        ("CREATE INDEX i ON tasks (name)", BULK_WRITE),
        ("VACUUM", BULK_WRITE),
        ("PRAGMA table_info('tasks')", READ),
        ("PRAGMA main.user_version;", READ),
        ("PRAGMA foreign_keys = on", WRITE),
        ("PRAGMA wal_checkpoint(TRUNCATE)", WRITE),
        ("BEGIN", CONTROL),
        ("; COMMIT", CONTROL),
        ("rollback to x", CONTROL),
        ("", WRITE),
        ("-- nothing", WRITE),
        ("nonsense", WRITE),
    ],
)
def test_tells_statements_apart(sql: str, kind: int) -> None:
    assert kind_of(sql) == kind


def test_a_common_table_expression_alone_leaves_doubt() -> None:
    assert not surely_writes("WITH x AS (SELECT 'delete from y') SELECT * FROM x")
    assert surely_writes("/* x */ REPLACE INTO tasks VALUES (1)")


def test_remembers_what_it_was_told() -> None:
    kinds = StatementKinds()
    assert kinds["SELECT 1"] == READ
    kinds.remember("SELECT 1", SLOW_READ)
    assert kinds["SELECT 1"] == SLOW_READ


def test_forgets_the_oldest_texts() -> None:
    kinds = StatementKinds()
    kinds.remember("SELECT 'slow'", SLOW_READ)
    for number in range(5_000):
        assert kinds[f"SELECT {number}"] == READ
    assert len(kinds) < 5_000
    assert kinds["SELECT 'slow'"] == READ
