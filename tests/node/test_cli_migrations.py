"""The commands that run, show and check migrations, on a generated application."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.node.application import GeneratedApplication

FIRST = "20260101000000_create_posts.py"
SECOND = "20260102000000_change_posts.py"


def migration(*lines: str, head: str = "") -> str:
    body = "\n".join(f"        {line}" for line in lines)
    return (
        "from velocious.migration import Migration, sql\n\n\n"
        f"class Changes(Migration):\n{head}    async def change(self):\n{body}\n"
    )


CREATE = migration(
    'async with self.create_table("posts") as t:',
    '    t.string("title", null=False)',
    '    t.integer("position")',
)
CHANGE = migration('await self.change_column_null("posts", "position", False, 0)')


@pytest.fixture
async def blog(generated: GeneratedApplication) -> GeneratedApplication:
    """An application with two migrations, the first of which has run."""
    for path in (generated.directory / "app/db/migrations").glob("2*"):
        path.unlink()
    write(generated, FIRST, CREATE)
    await generated.done("db:migrate")
    write(generated, SECOND, CHANGE)
    return generated


def write(blog: GeneratedApplication, name: str, text: str) -> None:
    blog.write(f"app/db/migrations/{name}", text)


async def test_a_version_is_given_as_rails_has_it(blog: GeneratedApplication) -> None:
    assert "change_posts  done" in await blog.done("db:migrate", "VERSION=20260102000000")
    assert "change_posts  undone" in await blog.done("db:migrate", "VERSION=20260101000000")
    code, text = await blog.line("db:migrate", "VERSON=20260101000000")
    assert code == 2
    assert "'VERSON=20260101000000' is not understood" in text
    assert await blog.done("db:version") == "default: 20260101000000\n"


async def test_one_migration_is_run_undone_and_redone(blog: GeneratedApplication) -> None:
    assert "done" in await blog.done("db:migrate:up", "20260102000000")
    assert "has run already" in await blog.done("db:migrate:up", "20260102000000")
    text = await blog.done("db:migrate:redo", "--steps", "2")
    assert "Rolling back 2 migrations" in text
    assert "Running 2 migrations" in text
    assert "undone" in await blog.done("db:migrate:down", "VERSION=20260102000000")
    assert "has not run" in await blog.done("db:migrate:down", "20260102000000")
    code, text = await blog.line("db:migrate:up", "20260102000009")
    assert code == 1
    assert "Did you mean '20260102000000'" in text


async def test_a_dry_run_shows_sql_and_changes_nothing(blog: GeneratedApplication) -> None:
    text = await blog.done("db:migrate", "--dry-run")
    assert "-- run 20260102000000_change_posts on default" in text
    assert 'UPDATE "posts" SET "position" = ? WHERE "position" IS NULL;-- 0' in text.replace(
        ";  --", ";--"
    )
    assert 'CREATE TABLE "posts_new_velocious"' in text
    assert "default   down" in await blog.done("db:status")
    assert "DROP TABLE" in await blog.done("db:rollback", "--dry-run")
    assert "default   up" in await blog.done("db:status")
    await blog.done("db:migrate")
    assert await blog.done("db:migrate", "--dry-run") == "Nothing would be done.\n"


async def test_an_edited_migration_is_shown_and_refused_strictly(
    blog: GeneratedApplication,
) -> None:
    write(blog, FIRST, CREATE.replace("\n\n\n", "\n\n\n# Only said.\n"))
    assert "edited" not in await blog.done("db:status")
    write(blog, FIRST, CREATE.replace("title", "name"))
    assert "create_posts" in await blog.done("db:status")
    assert "(edited since it ran)" in await blog.done("db:status")
    code, text = await blog.line("db:migrate", "--strict")
    assert code == 1
    assert "has been edited since it ran" in text
    text = await blog.done("db:migrate")
    assert f"Warning: {FIRST} has been edited since it ran" in text
    assert "change_posts  done" in text


async def test_what_is_pending_aborts_a_deployment(blog: GeneratedApplication) -> None:
    code, text = await blog.line("db:abort_if_pending")
    assert code == 1
    assert f"1 migration has not run yet: {SECOND}" in text
    await blog.done("db:migrate")
    assert await blog.done("db:abort_if_pending") == ""


SEED = """
async def seed(configuration, progress):
    await configuration.database().execute("INSERT INTO posts (title, position) VALUES ('a', 1)")
"""


async def test_prepare_makes_a_database_ready_from_any_state(blog: GeneratedApplication) -> None:
    blog.write("app/db/seed.py", SEED)
    counted = ("runner", 'await database.fetch("SELECT count(*) FROM posts")')
    # One that is there is only migrated.
    assert "change_posts  done" in await blog.done("db:prepare")
    assert "[(0,)]" in await blog.done(*counted)
    # One that is not is made, from its structure, and seeded; the second time nothing is done.
    await blog.done("db:drop")
    text = await blog.done("db:prepare")
    assert "Database default: created." in text
    assert "loaded from db/structure-default.sql" in text
    assert "[(1,)]" in await blog.done(*counted)
    assert await blog.done("db:prepare") == "The databases are ready.\n"
    assert "[(1,)]" in await blog.done(*counted)
    # Without a structure it is migrated.
    await blog.done("db:drop")
    (blog.directory / "db/structure-default.sql").unlink()
    assert "Running 2 migrations" in await blog.done("db:prepare")


async def test_processes_that_prepare_at_once_seed_once(blog: GeneratedApplication) -> None:
    blog.write("app/db/seed.py", SEED)
    await blog.done("db:drop")
    (blog.directory / "db/structure-default.sql").unlink()
    prepared = (asyncio.to_thread(blog.program, "db:prepare") for _ in range(2))
    for done in await asyncio.gather(*prepared):
        assert done.returncode == 0, done.stderr
        assert done.stdout.endswith("The databases are ready.\n")
    counted = await blog.done("runner", 'await database.fetch("SELECT count(*) FROM posts")')
    assert "[(1,)]" in counted


async def test_lint_fails_with_what_to_write_instead(blog: GeneratedApplication) -> None:
    code, text = await blog.line("db:lint")
    assert code == 1
    assert f"{SECOND}:6: change_column_null" in text
    assert "IS NOT NULL" in text
    assert "1 complaints about 1 migration." in text
    write(blog, SECOND, CHANGE.replace("False, 0)", "False, 0)  # safe: ten rows"))
    assert "0 complaints" in await blog.done("db:lint")
    await blog.done("db:migrate")
    assert "0 complaints about 0 migrations." in await blog.done("db:lint")
    assert "0 complaints about 2 migrations." in await blog.done("db:lint", "--all")


async def test_a_backfill_shows_how_far_it_is(blog: GeneratedApplication) -> None:
    write(
        blog,
        SECOND,
        migration('await self.up_only(lambda: self.backfill("posts", {"position": 1}))'),
    )
    await blog.done("runner", "await database.execute(\"INSERT INTO posts (title) VALUES ('x')\")")
    assert "Filling position of posts" in await blog.done("db:migrate")


async def test_what_became_of_a_migration_must_be_said_in_one_way(
    blog: GeneratedApplication,
) -> None:
    code, text = await blog.line("db:migrate:resolve", "20260101000000")
    assert code == 2
    assert "--applied" in text
    code, text = await blog.line("db:migrate:resolve", "20260101000000", "--applied")
    assert code == 1
    assert "was not interrupted" in text
