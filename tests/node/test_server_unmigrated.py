"""Pages of a development server whose migrations come after it was started."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx

from tests.node.running_server import server
from velocious import Configuration
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from tests.node.application import GeneratedApplication

HTML = {"accept": "text/html"}


@asynccontextmanager
async def served(
    application: GeneratedApplication, environment: str = "development"
) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the application as `velocious server` would open it."""
    directory = application.directory
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False, file=False)),
        directory=str(directory),
        environment=environment,
        databases={"default": f"sqlite:///{directory}/db/development.sqlite3"},
    )
    transport = httpx.ASGITransport(configuration.asgi())
    async with (
        configuration,
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as client,
    ):
        yield client


async def test_a_page_whose_table_is_missing_says_which_migration_to_run(
    generated: GeneratedApplication,
) -> None:
    await generated.done("g:scaffold", "Post", "title:string!")
    async with served(generated) as client:
        for path in ("/posts", "/posts/new"):
            answer = await client.get(path, headers=HTML)
            assert answer.status_code == 500
            assert "<h1>PendingMigrationsError</h1>" in answer.text
            assert "1 migration has not run yet: " in answer.text
            assert "_create_posts.py. Run `velocious db:migrate`." in answer.text
        data = (await client.get("/posts")).json()
    assert data["error"]["message"].startswith("PendingMigrationsError: 1 migration has not run")


async def test_a_server_that_was_started_first_sees_what_was_migrated(
    generated: GeneratedApplication,
) -> None:
    await generated.done("g:scaffold", "Post", "title:string!")
    async with served(generated) as client:
        migrated = generated.program("db:migrate")
        assert migrated.returncode == 0, migrated.stderr
        answer = await client.get("/posts/new", headers=HTML)
        assert (answer.status_code, "post[title]" in answer.text) == (200, True)


async def test_a_column_that_a_running_server_did_not_know_is_there_after_its_migration(
    generated: GeneratedApplication,
) -> None:
    await generated.done("g:scaffold", "Post", "title:string!")
    assert generated.program("db:migrate").returncode == 0
    async with served(generated) as client:
        assert (await client.get("/posts/new", headers=HTML)).status_code == 200
        await generated.done("g:migration", "AddStarsToPosts", "stars:integer")
        generated.write(
            "app/views/posts/_form.html",
            "{% call(f) form(post) %}{{ f.text('title') }}{{ f.field('stars') }}{% endcall %}",
        )
        early = await client.get("/posts/new", headers=HTML)
        assert "_add_stars_to_posts.py. Run `velocious db:migrate`." in early.text
        assert generated.program("db:migrate").returncode == 0
        answer = await client.get("/posts/new", headers=HTML)
        assert (answer.status_code, "post[stars]" in answer.text) == (200, True)
        assert generated.program("db:rollback").returncode == 0
        late = await client.get("/posts/new", headers=HTML)
        assert "_add_stars_to_posts.py. Run `velocious db:migrate`." in late.text


async def test_a_failure_with_all_migrations_done_stays_what_it_is(
    generated: GeneratedApplication,
) -> None:
    await generated.done("g:scaffold", "Post", "title:string!")
    await generated.done("db:migrate")
    generated.write("app/views/posts/index.html", "{{ nothing }}")
    async with served(generated) as client:
        answer = await client.get("/posts", headers=HTML)
    assert "<h1>TemplateError</h1>" in answer.text


async def test_a_broken_migration_is_told_beside_the_failure(
    generated: GeneratedApplication,
) -> None:
    await generated.done("g:scaffold", "Post", "title:string!")
    generated.write("app/db/migrations/20990101000000_broken.py", "syntax error")
    async with served(generated) as client:
        answer = await client.get("/posts", headers=HTML)
    assert "<h1>UnknownTableError</h1>" in answer.text
    assert "Nor is it known which migrations have run: " in answer.text
    assert "20990101000000_broken.py" in answer.text


async def test_outside_development_a_missing_table_tells_nothing(
    generated: GeneratedApplication,
) -> None:
    await generated.done("g:scaffold", "Post", "title:string!")
    async with served(generated, "test") as client:
        answer = await client.get("/posts", headers=HTML)
    assert (answer.status_code, "migration" in answer.text) == (500, False)


async def test_a_server_says_at_its_start_which_migrations_have_not_run(
    generated: GeneratedApplication,
) -> None:
    await generated.done("g:scaffold", "Post", "title:string!")
    async with server(generated.directory) as running:
        pass
    assert "1 migration has not run yet: " in running.printed
    assert "_create_posts.py. Run `velocious db:migrate`." in running.printed
    await generated.done("db:migrate")
    async with server(generated.directory) as running:
        pass
    assert "migration" not in running.printed


async def test_a_server_of_pages_whose_rows_are_in_browsers_warns_of_nothing(
    generated: GeneratedApplication,
) -> None:
    await generated.done("g:model", "Task", "name:string!")
    async with server(generated.directory) as running:
        pass
    assert "migration" not in running.printed
    await generated.done("db:migrate")
    await generated.done("g:migration", "AddDoneToTasks", "done:boolean!")
    async with server(generated.directory) as running:
        pass
    assert "_add_done_to_tasks.py. Run `velocious db:migrate`." in running.printed


async def test_a_broken_migration_does_not_keep_a_server_from_starting(
    generated: GeneratedApplication,
) -> None:
    generated.write("app/db/migrations/20990101000000_broken.py", "syntax error")
    async with server(generated.directory) as running:
        async with httpx.AsyncClient() as client:
            assert (await client.get(running.url)).status_code == 200
    assert "20990101000000_broken.py" in running.printed
