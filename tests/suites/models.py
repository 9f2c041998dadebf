"""The models most suites share: accounts own projects, projects hold tasks, tasks have comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.record import (
    Record,
    accepts_nested_attributes_for,
    belongs_to,
    has_many,
    has_one,
    scope,
    validates,
)

if TYPE_CHECKING:
    from datetime import datetime

    from velocious.query import Query
    from velocious.record import Attribute

SCHEMA = """
CREATE TABLE accounts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name VARCHAR(255)
);
CREATE TABLE projects (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  account_id INTEGER REFERENCES accounts (id),
  name VARCHAR(255) NOT NULL,
  position INTEGER
);
CREATE TABLE project_details (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  project_id INTEGER REFERENCES projects (id),
  body TEXT
);
CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  project_id INTEGER REFERENCES projects (id),
  reviewed_by_id INTEGER REFERENCES projects (id),
  name VARCHAR(255) NOT NULL,
  done BOOLEAN NOT NULL DEFAULT 0,
  position INTEGER,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL
);
CREATE TABLE comments (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  task_id INTEGER REFERENCES tasks (id),
  body TEXT
);
"""


class Account(Record):
    id: Attribute[int]
    name: Attribute[str]
    projects = has_many("Project")


class Project(Record):
    id: Attribute[int]
    account_id: Attribute[int | None]
    name: Attribute[str]
    position: Attribute[int | None]
    account = belongs_to("Account")
    tasks = has_many("Task", dependent="destroy")
    open_tasks = has_many("Task", lambda tasks: tasks.where(done=False).order("-position"))
    reviewed_tasks = has_many("Task", foreign_key="reviewed_by_id")
    detail = has_one("ProjectDetail", dependent="destroy")
    tasks_attributes = accepts_nested_attributes_for("tasks", allow_destroy=True)
    validations = [validates("name", presence=True)]


class ProjectDetail(Record):
    id: Attribute[int]
    project_id: Attribute[int | None]
    body: Attribute[str | None]
    project = belongs_to("Project")


class Task(Record):
    id: Attribute[int]
    project_id: Attribute[int | None]
    reviewed_by_id: Attribute[int | None]
    name: Attribute[str]
    done: Attribute[bool]
    position: Attribute[Any]
    created_at: Attribute[datetime]
    updated_at: Attribute[datetime]
    project = belongs_to("Project")
    reviewed_by = belongs_to("Project")
    comments = has_many("Comment", dependent="destroy")
    validations = [validates("name", presence=True, length={"maximum": 200})]

    @scope
    def open(query: Any) -> Query[Any]:
        return query.where(done=False)

    @scope
    def above(query: Any, position: int) -> Query[Any]:
        return query.where(Task.position > position)


class Comment(Record):
    id: Attribute[int]
    task_id: Attribute[int | None]
    body: Attribute[str | None]
    task = belongs_to("Task")


MODELS = (Account, Project, ProjectDetail, Task, Comment)
