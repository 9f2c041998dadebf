"""The db: commands on a generated application."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.node.application import GeneratedApplication

SEED = """
async def seed(configuration, progress):
    from app.models.post import Post
    with progress.step("Seeding", total=3) as step:
        for number in range(3):
            await Post.create(title=f"Post {number}")
            step.advance()
    print("seeded")
"""


@pytest.fixture
async def blog(generated: GeneratedApplication) -> GeneratedApplication:
    """An application with a model and its migration that has not run."""
    await generated.done("g:model", "Post", "title:string!")
    return generated


async def test_create_makes_the_database_once(blog: GeneratedApplication) -> None:
    assert "created." in await blog.done("db:create")
    assert (blog.directory / "db/development.sqlite3").exists()
    assert "exists already." in await blog.done("db:create")


async def test_drop_removes_the_database_and_says_when_there_was_none(
    blog: GeneratedApplication,
) -> None:
    await blog.done("db:create")
    assert "dropped." in await blog.done("db:drop")
    assert not (blog.directory / "db/development.sqlite3").exists()
    assert "was not there." in await blog.done("db:drop")


@pytest.mark.parametrize("command", ["db:drop", "db:reset"])
async def test_data_of_production_is_destroyed_by_force_only(
    blog: GeneratedApplication, command: str
) -> None:
    await blog.done("--environment", "production", "db:create")
    code, text = await blog.line("--environment", "production", command)
    assert code == 1
    assert "the environment is 'production'" in text
    assert (blog.directory / "db/production.sqlite3").exists()
    await blog.done("--environment", "production", command, "--force")


async def test_migrate_needs_no_create_and_has_nothing_to_do_twice(
    blog: GeneratedApplication,
) -> None:
    text = await blog.done("db:migrate")
    assert "Running 1 migration on default" in text
    assert "create_posts  done in" in text
    assert "Nothing to migrate: the newest version is 20" in await blog.done("db:migrate")
    assert 'CREATE TABLE "posts"' in (blog.directory / "db/structure-default.sql").read_text()


async def test_rollback_undoes_as_many_as_asked(blog: GeneratedApplication) -> None:
    await blog.done("g:migration", "AddPriorityToPosts", "priority:integer")
    await blog.done("db:migrate")
    assert "Rolling back 2 migrations" in await blog.done("db:rollback", "--steps", "2")
    text = await blog.done("db:rollback")
    assert "Nothing to roll back: no migrations have been run yet." in text


async def test_migrate_goes_to_a_version(blog: GeneratedApplication) -> None:
    await blog.done("g:migration", "AddPriorityToPosts", "priority:integer")
    await blog.done("db:migrate")
    first = min(path.name for path in (blog.directory / "app/db/migrations").glob("2*"))
    assert "add_priority_to_posts  undone" in await blog.done("db:migrate", "--version", first[:14])


async def test_status_shows_what_has_run(blog: GeneratedApplication) -> None:
    assert "default   down" in await blog.done("db:status")
    await blog.done("db:migrate")
    status = await blog.done("db:status")
    assert "default   up" in status
    assert "create_posts" in status
    assert "UTC" in status


async def test_reset_empties_migrates_and_seeds(blog: GeneratedApplication) -> None:
    blog.write("app/db/seed.py", SEED)
    await blog.done("db:migrate", "db:seed")
    assert await blog.done("runner", "await Post.count()") == "3\n"
    await blog.done("db:reset")
    assert await blog.done("runner", "await Post.count()") == "0\n"
    await blog.done("db:reset", "--seed")
    assert await blog.done("runner", "await Post.count()") == "3\n"


async def test_reset_keeps_the_data_when_a_migration_cannot_be_read(
    blog: GeneratedApplication,
) -> None:
    await blog.done("db:migrate")
    await blog.done("runner", 'await Post.create(title="precious")')
    blog.write("app/db/migrations/20991231235959_broken.py", "class Broken(")
    code, _ = await blog.line("db:reset")
    assert code == 1
    (blog.directory / "app/db/migrations/20991231235959_broken.py").unlink()
    assert await blog.done("runner", "await Post.count()") == "1\n"


async def test_seed_shows_progress_and_what_it_prints(blog: GeneratedApplication) -> None:
    blog.write("app/db/seed.py", SEED)
    text = await blog.done("db:migrate", "db:seed")
    assert "3/3" in text
    assert "seeded\n" in text


@pytest.mark.parametrize(
    ("seed", "said"),
    [
        (None, "There is no file 'app/db/seed.py'"),
        ("x = 1", "has no seed"),
        ("def seed(configuration, progress): pass", "cannot be awaited"),
    ],
)
async def test_a_seed_of_another_shape_is_explained(
    blog: GeneratedApplication, seed: str | None, said: str
) -> None:
    if seed is None:
        (blog.directory / "app/db/seed.py").unlink()
    else:
        blog.write("app/db/seed.py", seed)
    code, text = await blog.line("db:seed")
    assert code == 1
    assert said in text
    assert "async def seed(configuration, progress)" in text


async def test_a_structure_is_written_and_makes_the_same_database_again(
    blog: GeneratedApplication,
) -> None:
    await blog.done("db:migrate")
    structure = blog.directory / "db/structure-default.sql"
    written = structure.read_text()
    structure.unlink()
    assert "written to db/structure-default.sql" in await blog.done("db:schema:dump")
    assert structure.read_text() == written
    await blog.done("db:drop", "db:create", "db:schema:load")
    assert "Nothing to migrate" in await blog.done("db:migrate")
    assert await blog.done("runner", "await Post.count()") == "0\n"


async def test_a_structure_is_never_loaded_over_tables(blog: GeneratedApplication) -> None:
    await blog.done("db:migrate")
    code, text = await blog.line("db:schema:load")
    assert code == 1
    assert "velocious db:drop db:create db:schema:load" in text


async def test_an_unknown_database_is_told_what_there_is(blog: GeneratedApplication) -> None:
    code, text = await blog.line("db:migrate", "--database", "defalt")
    assert code == 1
    assert "Did you mean 'default'?" in text


async def test_a_failing_migration_leaves_nothing_and_exits_with_one(
    blog: GeneratedApplication,
) -> None:
    body = "\n".join(
        (
            "from velocious.migration import Migration",
            "class Half(Migration):",
            "    async def up(self):",
            "        async with self.create_table('halves') as t:",
            "            t.string('name')",
            "        await self.execute('nonsense')",
            "    async def down(self): pass",
        )
    )
    blog.write("app/db/migrations/20991231235959_half.py", body)
    code, text = await blog.line("db:migrate")
    assert code == 1
    assert "half" in text
    tables = await blog.done("runner", "await database.table_names()")
    assert "posts" in tables
    assert "halves" not in tables
