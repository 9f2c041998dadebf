"""An application with generated bases passes pyright's strict mode without a cast."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.node.application import GeneratedApplication, without_modules_of_applications
from tests.project._repository import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).parent / "application"


@pytest.fixture
def application(tmp_path: Path) -> Iterator[GeneratedApplication]:
    """A copy, so that its database and what is written lie in a temporary folder."""
    copy = tmp_path / "application"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.sqlite3*"))
    for _ in without_modules_of_applications():
        yield GeneratedApplication(copy)


def pyright(directory: Path) -> tuple[int, str]:
    """What pyright says of the application in *directory*, in strict mode."""
    paths = [str(REPOSITORY / name) for name in ("core", "env_node", "env_browser")]
    settings = {"include": ["app"], "extraPaths": [".", *paths], "typeCheckingMode": "strict"}
    (directory / "pyrightconfig.json").write_text(json.dumps(settings))
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--pythonpath", sys.executable],
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.slow
def test_an_application_passes_strict_type_checking(application: GeneratedApplication) -> None:
    code, text = pyright(application.directory)
    assert code == 0, text


@pytest.mark.slow
def test_a_wrong_type_is_found(application: GeneratedApplication) -> None:
    application.write(
        "app/wrong.py",
        "from app.models.task import Task\n\n\n"
        "def wrong(task: Task) -> int:\n"
        "    task.position = 'three'\n"
        "    task.title_en = 5\n"
        "    task.is_planed\n"
        "    task.publish(now=True)\n"
        "    return task.project.name\n",
    )
    code, text = pyright(application.directory)
    assert code == 1
    assert "6 errors" in text


async def test_the_bases_fit_the_tables(application: GeneratedApplication) -> None:
    await application.done("db:migrate")
    assert await application.done("g:base-models", "--check") == ""
    assert "same  app/model_bases/task.py" in await application.done("g:base-models")


async def test_a_table_that_changed_is_found_and_written(application: GeneratedApplication) -> None:
    await application.done("db:migrate")
    base = application.directory / "app/model_bases/task.py"
    written = base.read_text()
    base.write_text(written.replace("    name: Attribute[str]\n", ""))
    code, text = await application.line("g:base-models", "--check")
    assert code == 1
    assert "\n+    name: Attribute[str]\n" in text
    assert "velocious g:base-models" in text
    await application.done("g:base-models")
    assert base.read_text() == written


async def test_the_base_of_a_model_that_is_gone_is_removed(
    application: GeneratedApplication,
) -> None:
    await application.done("db:migrate")
    bases = application.directory / "app/model_bases"
    (bases / "old.py").write_text((bases / "task.py").read_text())
    (bases / "mine.py").write_text("# written by hand\n")
    assert (await application.line("g:base-models", "--check"))[0] == 1
    assert "remove  app/model_bases/old.py" in await application.done("g:base-models")
    assert not (bases / "old.py").exists()
    assert (bases / "mine.py").exists()


async def test_models_without_tables_are_named(application: GeneratedApplication) -> None:
    code, text = await application.line("g:base-models")
    assert code == 1
    assert "Detail, Project, Task, TaskTranslation, User" in text
    assert "db:migrate" in text


async def test_the_frontend_models_fit_the_resources(application: GeneratedApplication) -> None:
    await application.done("db:migrate")
    assert await application.done("g:frontend-models", "--check") == ""
    assert "same  app/frontend_models/task.py" in await application.done("g:frontend-models")


async def test_a_resource_that_changed_is_found_and_written(
    application: GeneratedApplication,
) -> None:
    await application.done("db:migrate")
    model = application.directory / "app/frontend_models/task.py"
    written = model.read_text()
    model.write_text(written.replace("    name: Attribute[str]\n", ""))
    (model.parent / "old.py").write_text(written.replace("Task, as", "Old, as"))
    code, text = await application.line("g:frontend-models", "--check")
    assert code == 1
    assert "\n+    name: Attribute[str]\n" in text
    await application.done("g:frontend-models")
    assert model.read_text() == written
    assert not (model.parent / "old.py").exists()


async def test_a_resource_without_rules_gets_no_frontend_model(
    application: GeneratedApplication,
) -> None:
    await application.done("db:migrate")
    application.write(
        "app/resources/detail_resource.py",
        "from app.models.detail import Detail\n\nfrom velocious.resource import Resource\n\n\n"
        "class DetailResource(Resource):\n    model = Detail\n",
    )
    code, text = await application.line("g:frontend-models")
    assert code == 1
    assert "DetailResource: nobody may do anything" in text
