"""db:backup and db:restore."""

from __future__ import annotations

import asyncio
import gzip
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.node.copies import empty_database
from tests.project._snippets import snippets
from velocious.progress import silent
from velocious_node.database import sqlite_backup
from velocious_node.database.sqlite_backup import back_up

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.node.application import GeneratedApplication

DATABASE = "db/development.sqlite3"


@pytest.fixture
async def blog(generated: GeneratedApplication) -> GeneratedApplication:
    await generated.done("g:model", "Post", "title:string!")
    await generated.done("db:migrate")
    await generated.done("runner", 'await Post.create(title="kept")')
    return generated


def backups(blog: GeneratedApplication) -> list[Path]:
    return sorted((blog.directory / "db/backups").iterdir())


async def titles(blog: GeneratedApplication) -> str:
    return await blog.done("runner", 'await Post.order("id").pluck("title")')


@pytest.mark.parametrize("options", [(), ("--gzip",)])
async def test_a_backup_brings_the_rows_back(
    blog: GeneratedApplication, options: tuple[str, ...]
) -> None:
    text = await blog.done("db:backup", *options)
    (file,) = backups(blog)
    assert str(file) in text
    assert file.stat().st_mode & 0o077 == 0
    assert (file.read_bytes()[:2] == b"\x1f\x8b") is bool(options)
    await blog.done("runner", 'await Post.create(title="lost")')
    code, text = await blog.line("db:restore", str(file))
    assert code == 1
    assert "restore with --force" in text
    await blog.done("db:restore", str(file), "--force")
    assert await titles(blog) == "['kept']\n"
    assert list((blog.directory / "db").glob("*restor*")) == []


async def test_a_backup_is_one_moment_while_others_write(tmp_path: Path) -> None:
    source = tmp_path / "busy.sqlite3"
    with closing(sqlite3.connect(source, autocommit=True)) as raw:
        raw.execute("PRAGMA journal_mode = wal")
        raw.execute("CREATE TABLE pairs (a INTEGER, b INTEGER, filling TEXT)")
        raw.execute("BEGIN")
        raw.executemany("INSERT INTO pairs VALUES (0, 0, ?)", [("x" * 2_000,)] * 5_000)
        raw.execute("COMMIT")
        backup = asyncio.create_task(
            back_up(str(source), str(tmp_path / "copy.sqlite3"), silent(), compress=False)
        )
        writes = 0
        while not backup.done():
            # All rows, in one transaction: a mixture of two moments would show.
            writes += 1
            raw.execute("UPDATE pairs SET a = ?, b = ? WHERE rowid % 50 = 0", (writes, -writes))
            await asyncio.sleep(0.001)
        await backup
    assert writes > 3
    with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy:
        moments = copy.execute("SELECT DISTINCT a, a + b FROM pairs WHERE rowid % 50 = 0")
        assert len(moments.fetchall()) == 1


async def test_a_cancelled_backup_leaves_nothing(
    blog: GeneratedApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_backup, "PAGES", 1)
    source = blog.directory / DATABASE
    with closing(sqlite3.connect(source)) as raw:
        raw.execute("CREATE TABLE filling AS SELECT randomblob(4000000) AS data")
        raw.commit()
    target = tmp_path / "out/copy.sqlite3"
    task = asyncio.create_task(back_up(str(source), str(target), silent(), compress=False))
    await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert list((tmp_path / "out").iterdir()) == []


async def test_old_backups_go_and_other_files_stay(blog: GeneratedApplication) -> None:
    folder = blog.directory / "db/backups"
    folder.mkdir()
    for name in (
        "default-20250101T000000Z.sqlite3",
        "default-20250102T000000Z.sqlite3.gz",
        "other-20250101T000000Z.sqlite3",
        "notes.txt",
    ):
        (folder / name).write_text("old")
    await blog.done("db:backup", "--keep", "2")
    names = [path.name for path in backups(blog)]
    assert "default-20250101T000000Z.sqlite3" not in names
    assert len(names) == 4
    assert {"notes.txt", "other-20250101T000000Z.sqlite3"} <= set(names)


async def test_a_backup_overwrites_nothing(blog: GeneratedApplication, tmp_path: Path) -> None:
    target = tmp_path / "mine.sqlite3.gz"
    await blog.done("db:backup", "--output", str(target))
    assert gzip.decompress(target.read_bytes()).startswith(b"SQLite format 3")
    before = target.read_bytes()
    code, text = await blog.line("db:backup", "--output", str(target))
    assert code == 1
    assert "which is kept" in text
    assert target.read_bytes() == before


def text(data: bytes) -> bytes:
    return b"not a database at all"


def nothing(data: bytes) -> bytes:
    return b""


def half_a_gzip(data: bytes) -> bytes:
    return gzip.compress(data)[:-50]


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def overwritten(data: bytes) -> bytes:
    return data[:8192] + b"\xff" * (len(data) - 8192)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (text, "is no SQLite database"),
        (nothing, "is no SQLite database"),
        (half_a_gzip, "cannot be read"),
        (half, "damaged"),
        (overwritten, "damaged"),
    ],
)
async def test_a_file_that_is_no_backup_changes_nothing(
    blog: GeneratedApplication, make: Callable[[bytes], bytes], said: str, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(blog.directory / DATABASE)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file = tmp_path / "given"
    file.write_bytes(make((blog.directory / DATABASE).read_bytes()))
    code, text = await blog.line("db:restore", str(file), "--force")
    assert code == 1
    assert said in text
    assert "Traceback" not in text
    assert await titles(blog) == "['kept']\n"
    assert list((blog.directory / "db").glob("*restor*")) == []


async def test_rows_that_point_nowhere_are_not_restored(
    blog: GeneratedApplication, tmp_path: Path
) -> None:
    file = tmp_path / "given.sqlite3"
    with closing(sqlite3.connect(file)) as raw:
        raw.executescript(
            "CREATE TABLE a (id INTEGER PRIMARY KEY);"
            "CREATE TABLE b (a_id INTEGER REFERENCES a (id)); INSERT INTO b VALUES (7)"
        )
    code, text = await blog.line("db:restore", str(file), "--force")
    assert code == 1
    assert "1 rows that point at rows which do not exist: b (row 1) → a" in text
    assert await titles(blog) == "['kept']\n"


async def test_a_backup_of_a_newer_application_is_refused(
    blog: GeneratedApplication,
) -> None:
    await blog.done("g:migration", "AddBodyToPosts", "body:text")
    await blog.done("db:migrate", "db:backup", "db:drop")
    await blog.done("d:migration", "AddBodyToPosts", "body:text")
    (file,) = backups(blog)
    code, text = await blog.line("db:restore", str(file))
    assert code == 1
    assert "has run 1 migrations that this application does not have" in text
    await blog.done("db:restore", str(file), "--force")
    assert await titles(blog) == "['kept']\n"


async def test_a_database_in_use_is_not_replaced(blog: GeneratedApplication) -> None:
    await blog.done("db:backup")
    (file,) = backups(blog)
    with closing(sqlite3.connect(blog.directory / DATABASE)) as raw:
        raw.execute("SELECT * FROM posts").fetchall()
        code, text = await blog.line("db:restore", str(file), "--force")
    assert code == 1
    assert "is in use" in text
    assert await titles(blog) == "['kept']\n"


async def test_a_file_with_a_log_beside_it_is_refused(
    blog: GeneratedApplication, tmp_path: Path
) -> None:
    file = tmp_path / "copied.sqlite3"
    file.write_bytes(b"SQLite format 3\x00")
    (tmp_path / "copied.sqlite3-wal").write_bytes(b"rows")
    code, text = await blog.line("db:restore", str(file), "--force")
    assert code == 1
    assert "lacks what was stored last" in text


@pytest.mark.parametrize(
    ("place", "tool"),
    [
        ("node-postgresql", "pg_dump --format=custom"),
        ("node-mariadb", "mariadb-dump --single-transaction"),
    ],
)
async def test_for_a_server_its_own_tool_is_named(
    generated: GeneratedApplication, place: str, tool: str, tmp_path: Path
) -> None:
    async with empty_database(place, tmp_path / "other") as url:
        generated.write(
            "app/config/configuration.py",
            "from velocious import Configuration\n\n\ndef configuration(environment_handler):\n"
            "    return Configuration(environment_handler=environment_handler, "
            f"databases={{'default': {url!r}}})\n",
        )
        code, text = await generated.line("db:backup")
        assert code == 1
        assert tool in text


def test_the_files_of_the_guide_are_what_their_programs_read() -> None:
    """Only their shape: there is no Litestream here."""
    blocks = {snippet.language: snippet.text for snippet in snippets("docs/backup.md")}
    lines = [line for line in blocks["yaml"].splitlines() if line.strip()]
    keys = [line.strip().removeprefix("- ").partition(":")[0] for line in lines]
    assert keys[:3] == ["dbs", "path", "replicas"]
    assert all(line.strip().endswith(":") or ": " in line for line in lines)
    sections = [line for line in blocks["ini"].splitlines() if line.startswith("[")]
    assert sections == ["[Unit]", "[Service]", "[Install]"]
    assert "ExecStart=/usr/bin/litestream replicate" in blocks["ini"]
