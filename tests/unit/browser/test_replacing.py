"""A database that another file takes the place of: one of the two is always there."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from velocious.errors import BackupError
from velocious_browser.database.replacing import (
    BESIDE,
    INCOMING,
    LOG,
    PREVIOUS,
    arriving,
    put_back,
    replace,
)


def make(path: Path, text: str) -> str:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE notes (text)")
        database.execute("INSERT INTO notes VALUES (?)", [text])
        database.commit()
    return str(path)


def text_in(path: str) -> str:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT text FROM notes").fetchone()[0]


@pytest.fixture
def old(tmp_path: Path) -> str:
    return make(tmp_path / "db.sqlite3", "old")


def test_the_new_database_takes_the_place_and_nothing_else_is_left(
    old: str, tmp_path: Path
) -> None:
    replace(old, make(tmp_path / "new.sqlite3", "new"))
    assert text_in(old) == "new"
    assert os.listdir(tmp_path) == ["db.sqlite3"]


def test_a_new_database_that_does_not_open_leaves_the_old_one(old: str, tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"SQLite format 3\0" + b"\xff" * 8192)
    with pytest.raises(BackupError, match="there before is there again"):
        replace(old, str(broken))
    assert text_in(old) == "old"


def test_a_replacement_that_stopped_before_the_new_one_came_is_undone(old: str) -> None:
    os.replace(old, old + PREVIOUS)
    put_back(old)
    assert text_in(old) == "old"


def test_a_replacement_that_stopped_before_the_new_one_was_opened_is_undone(
    old: str, tmp_path: Path
) -> None:
    os.replace(old, old + PREVIOUS)
    make(tmp_path / "db.sqlite3", "new")
    (tmp_path / f"db.sqlite3{LOG}").write_bytes(b"of the new one")
    put_back(old)
    assert text_in(old) == "old"
    assert os.listdir(tmp_path) == ["db.sqlite3"]


def test_what_a_stopped_import_left_is_removed_but_not_what_is_just_arriving(old: str) -> None:
    with arriving(old) as incoming:
        assert incoming == old + INCOMING
        with open(incoming, "wb") as file:
            file.write(b"half of it")
        put_back(old)
        assert os.path.exists(incoming)
    assert not os.path.exists(incoming)
    with open(incoming, "wb") as file:
        file.write(b"left by a browser that died")
    put_back(old)
    assert not os.path.exists(incoming)


def test_an_old_database_with_rows_in_its_log_alone_is_not_replaced(
    old: str, tmp_path: Path
) -> None:
    log = tmp_path / f"db.sqlite3{LOG}"
    log.write_bytes(b"rows")
    with pytest.raises(BackupError, match="changes in its log"):
        replace(old, make(tmp_path / "new.sqlite3", "new"))
    assert log.read_bytes() == b"rows"
    assert not os.path.exists(old + PREVIOUS)


@pytest.mark.parametrize("suffix", BESIDE)
def test_what_sqlite_kept_of_an_import_that_died_is_gone_before_the_next_one(
    old: str, suffix: str
) -> None:
    left = old + INCOMING + suffix
    for leave in (put_back, _import_again):
        with open(left, "wb") as journal:
            journal.write(b"of another file")
        leave(old)
        assert not os.path.exists(left)


def _import_again(path: str) -> None:
    with arriving(path) as incoming:
        assert os.listdir(os.path.dirname(path)) == [os.path.basename(path)]
        make(Path(incoming), "new")
