"""d:model, d:migration, and what generators show before they change anything."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.node.application import GeneratedApplication

COLUMNS = ("title:string!", "price:decimal:10:2", "state:enum:open:done")


def files(application: GeneratedApplication) -> list[str]:
    """The files that somebody, or a generator, has written."""
    folders = ("app/models", "app/db/migrations", "tests/models")
    return sorted(
        path.name[-24:]
        for folder in folders
        for path in (application.directory / folder).glob("*.py")
    )


async def test_a_model_goes_with_its_migration_and_test(generated: GeneratedApplication) -> None:
    await generated.done("g:model", "Post", *COLUMNS)
    assert len(files(generated)) == 3
    text = await generated.done("d:model", "Post", *COLUMNS)
    assert text.count("remove") == 3
    assert files(generated) == []


async def test_a_model_that_was_changed_stays_and_the_change_is_shown(
    generated: GeneratedApplication,
) -> None:
    await generated.done("generate:model", "Post", *COLUMNS)
    model = generated.directory / "app/models/post.py"
    model.write_text(model.read_text() + "\n    mine = 1\n")
    code, text = await generated.line("d:model", "Post", *COLUMNS)
    assert code == 1
    assert "-    mine = 1" in text
    assert len(files(generated)) == 3
    await generated.done("destroy:model", "Post", "--force")
    assert files(generated) == []


async def test_without_its_columns_nothing_is_removed(generated: GeneratedApplication) -> None:
    await generated.done("g:model", "Post", *COLUMNS)
    code, text = await generated.line("d:model", "Post")
    assert code == 1
    assert "Give the command the same columns" in text
    assert len(files(generated)) == 3


async def test_a_migration_goes_by_its_name(generated: GeneratedApplication) -> None:
    await generated.done("g:migration", "AddPriorityToPosts", "priority:integer")
    code, text = await generated.line("d:migration", "AddPriorityToPosts", "priority:bigint")
    assert code == 1
    assert '-        await self.add_column("posts", "priority", "integer")' in text
    await generated.done("d:migration", "AddPriorityToPosts", "priority:integer")
    assert files(generated) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("d:model", "Pots"), "Did you mean 'post'?"),
        (("d:migration", "AddPriority"), "There is no migration 'add_priority'"),
    ],
)
async def test_what_is_not_there_cannot_be_removed(
    generated: GeneratedApplication, words: tuple[str, ...], said: str
) -> None:
    await generated.done("g:model", "Post")
    code, text = await generated.line(*words)
    assert code == 1
    assert said in text


async def test_pretending_writes_and_removes_nothing(generated: GeneratedApplication) -> None:
    text = await generated.done("g:model", "Post", *COLUMNS, "--pretend")
    assert "create  app/models/post.py" in text
    assert files(generated) == []
    await generated.done("g:migration", "TidyUp", "--dry-run")
    assert files(generated) == []
    await generated.done("g:model", "Post", *COLUMNS)
    assert "remove  app/models/post.py" in await generated.done(
        "d:model", "Post", *COLUMNS, "--dry-run"
    )
    assert len(files(generated)) == 3


async def test_what_would_be_overwritten_is_shown_and_replaced_by_force_only(
    generated: GeneratedApplication,
) -> None:
    await generated.done("g:model", "Post", "title")
    code, text = await generated.line("g:model", "Post", "title", "state:enum:open:done")
    assert code == 1
    assert '+    state = enum(["open", "done"])' in text
    await generated.done("g:model", "Post", "title", "state:enum:open:done", "--force")
    assert len(files(generated)) == 3
    assert "enum" in (generated.directory / "app/models/post.py").read_text()


async def test_every_form_of_a_name_runs_forwards_and_backwards(
    generated: GeneratedApplication,
) -> None:
    await generated.done("g:model", "Project", "name:string!")
    await generated.done("g:model", "Tag", "name")
    everything = ("title!", "size:integer", "owner:references{polymorphic}", "state:enum:a:b:index")
    await generated.done("g:model", "Task", *everything, "project:references{optional}")
    for name, *words in (
        ("AddPriorityToTasks", "priority:integer:index"),
        ("AddTagRefToTasks", "tag:references"),
        ("AddIndexToTasks", "project_id", "title:unique"),
        ("CreateJoinTable", "projects", "tags"),
        ("RenameTitleToNameInTasks",),
        ("RenameTasksToJobs",),
        ("RemovePriorityFromJobs", "priority:integer:index"),
        ("DropProjectsTags", "project:references", "tag:references"),
    ):
        await generated.done("g:migration", name, *words)
    await generated.done("db:migrate")
    await generated.done("db:rollback", "--steps", "8")
    await generated.done("db:migrate")


def test_generated_tests_pass_and_are_clean(generated: GeneratedApplication) -> None:
    kinds = "string text integer bigint float decimal boolean date time datetime json binary uuid"
    columns = [f"{kind}_one:{kind}!" for kind in kinds.split()]
    assert generated.program("g:model", "Everything", *columns).returncode == 0
    assert generated.program("g:model", "Note", "thing:references{polymorphic}").returncode == 0
    for words in (
        (
            "ruff",
            "check",
            "--isolated",
            "--select=E,F,I,UP,B,TC",
            "--line-length=100",
            "--ignore=E501",
        ),
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


@pytest.mark.parametrize(
    ("generator", "words"),
    [("model", ("Post", *COLUMNS)), ("scaffold", ("Post", "title:string!"))],
)
async def test_what_has_run_is_undone_before_it_is_removed(
    generated: GeneratedApplication, generator: str, words: tuple[str, ...]
) -> None:
    await generated.done(f"g:{generator}", *words)
    await generated.done("db:migrate")
    before = files(generated)
    for line in ((f"d:{generator}", *words), ("d:migration", "CreatePosts", *words[1:])):
        code, text = await generated.line(*line)
        assert code == 1
        assert "_create_posts.py has run on 'default'. Undo it first" in text
        assert files(generated) == before
    (version,) = re.findall(r"`velocious db:migrate:down (\d{14})`", text)
    await generated.done("db:migrate:down", version)
    await generated.done(f"d:{generator}", *words)
    assert files(generated) == []
    assert "missing" not in await generated.done("db:migrate")


async def test_a_database_that_cannot_be_asked_keeps_nothing_from_being_removed(
    generated: GeneratedApplication,
) -> None:
    await generated.done("g:model", "Post", *COLUMNS)
    (generated.directory / "db").mkdir(exist_ok=True)
    generated.write("db/development.sqlite3", "this is no database" * 100)
    text = await generated.done("d:model", "Post", *COLUMNS)
    assert "Nobody knows whether" in text
    assert files(generated) == []
