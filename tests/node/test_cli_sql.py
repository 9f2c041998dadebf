"""db:sql and db:console."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING

import pytest

from tests.node.copies import empty_database
from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious_node import NodeEnvironmentHandler
from velocious_node.cli.shell import shell_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.node.application import GeneratedApplication

PLACES = ("node-mariadb", "node-postgresql")


@pytest.fixture
async def blog(generated: GeneratedApplication) -> GeneratedApplication:
    await generated.done("g:model", "Post", "title", "price:decimal:10:2", "data:binary")
    await generated.done("db:migrate")
    code = 'await Post.create(title="a, \\"b\\"\\x1b[31m", price="1.50", data=b"\\x00\\xff")'
    await generated.done("runner", code)
    await generated.done("runner", "await Post.create()")
    return generated


def on(application: GeneratedApplication, url: str) -> None:
    """Let the application use the database at *url*."""
    application.write(
        "app/config/configuration.py",
        "from velocious import Configuration\n\n\ndef configuration(environment_handler):\n"
        "    return Configuration(environment_handler=environment_handler, directory='.', "
        f"databases={{'default': {url!r}}})\n",
    )


async def test_rows_are_lined_up_and_hold_no_control_characters(
    blog: GeneratedApplication,
) -> None:
    text = await blog.done("db:sql", "SELECT id, title, data FROM posts ORDER BY id")
    head, line, first, second, count = text.splitlines()
    assert head.split() == ["id", "title", "data"]
    assert set(line) == {"-"}
    assert first.split(maxsplit=1) == ["1", "a, \"b\"\\x1b[31m  x'00ff'"]
    assert second.split() == ["2", "NULL", "NULL"]
    assert count == "(2 rows)"


async def test_rows_become_csv_and_json(blog: GeneratedApplication) -> None:
    sql = "SELECT id, title, price FROM posts ORDER BY id"
    assert await blog.done("db:sql", sql, "--format", "csv") == (
        'id,title,price\n1,"a, ""b""\x1b[31m",1.50\n2,,\n'
    )
    assert json.loads(await blog.done("db:sql", sql, "--format", "json")) == [
        {"id": 1, "title": 'a, "b"\x1b[31m', "price": "1.50"},
        {"id": 2, "title": None, "price": None},
    ]


async def test_a_change_says_how_many_rows(blog: GeneratedApplication) -> None:
    assert await blog.done("db:sql", "UPDATE posts SET title = 'x'") == "2 rows changed.\n"
    assert await blog.done("db:sql", "DELETE FROM posts WHERE id = 1;") == "1 row changed.\n"
    text = await blog.done(
        "db:sql",
        "INSERT INTO posts (id, title, created_at, updated_at) "
        "VALUES (9, 'y', 'z', 'z') RETURNING id",
    )
    assert "9" in text
    assert "(0 rows)" in await blog.done("db:sql", "SELECT * FROM posts WHERE id = 5")


@pytest.mark.parametrize(
    "sql", ["DELETE FROM posts", "WITH x AS (SELECT 1) DELETE FROM posts", "DROP TABLE posts"]
)
async def test_read_only_refuses_changes(blog: GeneratedApplication, sql: str) -> None:
    code, _ = await blog.line("db:sql", sql, "--read-only")
    assert code == 1
    assert "2" in await blog.done("db:sql", "SELECT COUNT(*) FROM posts", "--read-only")


async def test_an_error_of_the_database_is_told(blog: GeneratedApplication) -> None:
    code, text = await blog.line("db:sql", "SELECT * FROM post")
    assert code == 1
    assert "posts" in text


@pytest.mark.parametrize("place", PLACES)
async def test_statements_run_on_a_server(
    generated: GeneratedApplication, place: str, tmp_path: Path
) -> None:
    async with empty_database(place, tmp_path / "other") as url:
        on(generated, url)
        await generated.done("db:sql", "CREATE TABLE notes (id INTEGER, name VARCHAR(20))")
        await generated.done("db:sql", "INSERT INTO notes VALUES (1, 'a')")
        assert await generated.done("db:sql", "SELECT * FROM notes", "--format", "csv") == (
            "id,name\n1,a\n"
        )
        code, _ = await generated.line("db:sql", "DELETE FROM notes", "--read-only")
        assert code == 1


@pytest.mark.parametrize("place", [*PLACES, "node-sqlite"])
async def test_the_console_is_the_database_s_own_shell(
    generated: GeneratedApplication, place: str, tmp_path: Path
) -> None:
    async with empty_database(place, tmp_path / "other") as url:
        on(generated, url)
        await generated.done("db:sql", "CREATE TABLE notes (id INTEGER)")
        text = "INSERT INTO notes VALUES (40 + 2); SELECT id FROM notes;\n"
        done = generated.program("db:console", text=text)
        assert done.returncode == 0, done.stderr
        assert "42" in done.stdout
        generated.program("db:console", "--read-only", text="DELETE FROM notes;\n")
        assert "42" in await generated.done("db:sql", "SELECT id FROM notes")


@pytest.mark.parametrize("place", [*PLACES, "node-sqlite"])
async def test_without_a_shell_there_is_a_prompt(
    generated: GeneratedApplication, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with empty_database(place, tmp_path / "other") as url:
        on(generated, url)
        text = (
            "CREATE TABLE notes (id INTEGER, name VARCHAR(20));\nINSERT INTO notes\n"
            "VALUES (1, 'a;b');\n.tables\n.columns notes\n.mode csv\nSELECT * FROM notes"
        )
        done = generated.program("db:console", text=text)
        assert done.returncode == 0, done.stderr
        assert "1 row changed." in done.stdout
        assert "notes\nid  " in done.stdout
        assert done.stdout.endswith("id,name\n1,a;b\n")


async def test_the_prompt_ends_a_pipe_at_the_first_error(blog: GeneratedApplication) -> None:
    done = blog.program("db:console", "--own", text="SELEC 1;\nDELETE FROM posts;\n")
    assert done.returncode == 1
    assert "SELEC" in done.stderr
    done = blog.program("db:console", "--own", "--read-only", text="DELETE FROM posts;\n")
    assert done.returncode == 1
    for text, said in ((".tabels\n", "Did you mean '.tables'?"), (".mode xml\n", "Use table")):
        assert said in blog.program("db:console", "--own", text=text).stderr
    assert "2" in await blog.done("db:sql", "SELECT COUNT(*) FROM posts")


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_a_password_is_in_no_argument(scheme: str) -> None:
    handler = NodeEnvironmentHandler()
    settings = parse_settings("default", f"{scheme}://ann:se%22cr%5Cet@db.internal:99/shop")
    database = Database(settings, handler.drivers()[scheme], handler.files(None))
    with shell_for("/bin/shell", database, handler.files(None), read_only=True) as shell:
        assert "se" + '"' not in " ".join(shell.words)
        assert "cr" not in repr(shell).replace("options.cnf", "")
        if scheme == "postgresql":
            assert shell.variables["PGPASSWORD"] == 'se"cr\\et'
            assert shell.variables["PGOPTIONS"] == "-c default_transaction_read_only=on"
            return
        path = shell.words[1].partition("=")[2]
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        with open(path, encoding="utf-8") as file:
            assert file.read() == '[client]\npassword="se\\"cr\\\\et"\n'
    assert not os.path.exists(path)
