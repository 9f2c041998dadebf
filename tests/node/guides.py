"""What the tests of the guides share: their Python blocks, and the models they speak of."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tests.project._snippets import snippets
from velocious.record import Record, belongs_to, has_many

if TYPE_CHECKING:
    import pytest

SCHEMA = """
CREATE TABLE projects (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT, closed BOOLEAN NOT NULL DEFAULT 0
);
CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, project_id INTEGER REFERENCES projects (id),
  name TEXT NOT NULL, done BOOLEAN NOT NULL DEFAULT 0, position INTEGER
);
CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, title TEXT);
"""


class Project(Record):
    tasks = has_many("Task")


class Task(Record):
    project = belongs_to("Project")


class Post(Record):
    pass


MODELS = (Project, Task, Post)


def python_blocks(document: str) -> list[str]:
    """The Python blocks of *document*."""
    return [block.text for block in snippets(document) if block.language == "python"]


def run(text: str, **names: Any) -> dict[str, Any]:
    """What *text* defines, given *names*."""
    scope: dict[str, Any] = {"__name__": "guide", **names}
    exec(compile(text, "guide", "exec"), scope)
    return scope


def offer_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``from app.models.task import Task`` find the models above."""
    for model in MODELS:
        module: Any = ModuleType(f"app.models.{model.__name__.lower()}")
        setattr(module, model.__name__, model)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    for name in ("app", "app.models"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
