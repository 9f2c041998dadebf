"""init, g:model and g:migration."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from velocious.cli.main import run
from velocious.cli.output import TextOutput
from velocious.secret import Secret
from velocious_node.cli.application import load
from velocious_node.cli.manifest import registry

if TYPE_CHECKING:
    from pathlib import Path

    from tests.node.application import GeneratedApplication


async def init(directory: Path, *words: str) -> tuple[int, str]:
    output = TextOutput()
    line = ["--directory", str(directory), "init", *words]
    return await run(load, line, output, registry=registry()), output.text


async def test_init_makes_the_layout_of_an_application(tmp_path: Path) -> None:
    code, text = await init(tmp_path, "blog")
    assert code == 0
    for path in (
        "app/config/configuration.py",
        "app/config/routes.py",
        "app/config/testing.py",
        "app/db/seed.py",
        "app/controllers/application_controller.py",
        "app/views/layouts/application.html",
        "app/views/home/index.html",
        "web/app.css",
        "web/browser.html",
        "tests/test_application.py",
        ".gitignore",
        "README.md",
    ):
        assert (tmp_path / "blog" / path).is_file(), path
    for folder in ("app/actions", "app/models", "app/db/migrations"):
        assert (tmp_path / "blog" / folder).is_dir(), folder
    assert "g:scaffold Post" in text


async def test_init_keeps_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    code, text = await init(tmp_path, ".")
    assert code == 0
    assert (tmp_path / "README.md").read_text() == "mine"
    assert "skip  README.md" in text
    await init(tmp_path, ".", "--force")
    assert (tmp_path / "README.md").read_text() != "mine"


async def test_init_refuses_a_name_without_letters(tmp_path: Path) -> None:
    code, text = await init(tmp_path, "...")
    assert code == 2
    assert "cannot name an application" in text


async def test_a_model_comes_with_its_table(generated: GeneratedApplication) -> None:
    text = await generated.done("g:model", "blog_post", "title:string!", "body:text")
    assert re.search(r"create  app/db/migrations/\d{14}_create_blog_posts\.py", text)
    await generated.done("db:migrate")
    assert await generated.done("runner", 'await BlogPost.create(title="x")') != ""
    code, text = await generated.line("runner", "await BlogPost.create()")
    assert code == 1
    assert "Title" in text


async def test_a_model_may_belong_to_another(generated: GeneratedApplication) -> None:
    await generated.done("g:model", "Project", "name!")
    await generated.done("g:model", "Task", "name!", "project:references")
    await generated.done("db:migrate")
    code = (
        'project = await Project.create(name="p")\n'
        'task = await Task.create(name="t", project=project)\n'
        '(await Task.preload("project").first()).project.name'
    )
    assert await generated.done("runner", code) == "'p'\n"


async def test_models_written_in_one_second_get_versions_of_their_own(
    generated: GeneratedApplication,
) -> None:
    for name in ("One", "Two", "Three"):
        await generated.done("g:model", name, "name")
    files = sorted(path.name for path in (generated.directory / "app/db/migrations").glob("2*"))
    assert [name[15:] for name in files] == [
        "create_ones.py",
        "create_twos.py",
        "create_threes.py",
    ]
    assert len({name[:14] for name in files}) == 3


async def test_a_model_that_exists_is_not_overwritten(generated: GeneratedApplication) -> None:
    await generated.done("g:model", "Post", "title")
    before = (generated.directory / "app/models/post.py").read_text()
    code, text = await generated.line("g:model", "Post", "other")
    assert code == 1
    assert "There is a model Post already: app/models/post.py" in text
    assert "g:migration AddTitleToPosts" in text
    assert (generated.directory / "app/models/post.py").read_text() == before


async def test_a_migration_of_the_same_name_is_refused(generated: GeneratedApplication) -> None:
    await generated.done("g:migration", "TidyUp")
    code, text = await generated.line("g:migration", "TidyUp")
    assert code == 1
    assert "There is a migration 'tidy_up' already" in text


async def test_a_new_secret_is_long_enough_and_another_one_each_time(
    generated: GeneratedApplication,
) -> None:
    first, second = [(await generated.done("g:secret")).strip() for _ in range(2)]
    assert first != second
    assert len(Secret(first).keys("tests")[0]) == 32


@pytest.mark.parametrize(
    "words", [("g:model",), ("g:model", "1st"), ("g:model", "Post", "x:strin"), ("g:migration",)]
)
async def test_wrong_usage_writes_nothing(
    generated: GeneratedApplication, words: tuple[str, ...]
) -> None:
    code, _ = await generated.line(*words)
    assert code == 2
    assert [path.name for path in (generated.directory / "app/models").iterdir()] == [".gitkeep"]


def test_generated_code_passes_the_linters_and_its_own_tests(
    generated: GeneratedApplication,
) -> None:
    columns = ("title:string!", "price:decimal:10:2", "done:boolean", "project:references")
    for words in (
        ("g:scaffold", "Project", "name!"),
        ("g:scaffold", "Task", *columns),
        ("g:scaffold", "News", "title", "state:enum:open:done", "due_on:date"),
        ("g:model", "Note", *columns),
        ("g:controller", "pages", "index", "about"),
        ("g:channel", "board"),
        ("g:resource", "Task"),
        ("g:resource", "news_resource"),
    ):
        assert generated.program(*words).returncode == 0, words
    for words in (
        ("ruff", "check", "--isolated", "--select=E,F,I,UP,B,TC", "--line-length=100"),
        ("ruff", "format", "--isolated", "--check", "--line-length=100", "app/controllers"),
        ("pytest", "-q", "-p", "no:cacheprovider"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=generated.directory,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr


async def test_a_channel_comes_with_its_route_and_a_test(generated: GeneratedApplication) -> None:
    text = await generated.done("g:channel", "board")
    assert "create  app/channels/board_channel.py" in text
    await generated.done("g:channel", "room")
    routes = (generated.directory / "app/config/routes.py").read_text()
    assert routes.count('routes.realtime("/realtime")') == 1
    assert "/realtime" in await generated.done("routes")
    code, text = await generated.line("g:channel", "1st")
    assert (code, "g:channel board" in text) == (2, True)


async def test_a_resource_lets_nobody_in(generated: GeneratedApplication) -> None:
    code, text = await generated.line("g:resource", "Task")
    assert (code, "There is no model Task" in text) == (1, True)
    await generated.done("g:model", "Task", "name")
    text = await generated.done("g:resource", "task")
    assert "create  app/resources/task_resource.py" in text
    assert "create  tests/resources/test_task_resource.py" in text
    code, text = await generated.line("g:resource", "1st")
    assert (code, "g:resource Task" in text) == (2, True)
