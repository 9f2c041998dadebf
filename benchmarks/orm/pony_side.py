"""Pony, which has no way to insert many rows but one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pony import orm

from benchmarks.orm.data import COLUMNS, PRAGMAS, project_name, rows
from benchmarks.orm.jobs import Jobs
from benchmarks.orm.workloads import COUNTS, CREATES, FINDS, PRELOADED, SEARCHES, UPDATES


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def entities(database: Any) -> tuple[Any, Any]:
    """The models of *database*: Pony's belong to one for good."""

    class Project(database.Entity):
        _table_ = "projects"
        name = orm.Required(str)
        created_at = orm.Required(datetime, default=now)
        updated_at = orm.Required(datetime, default=now)
        tasks = orm.Set("Task")

    class Task(database.Entity):
        _table_ = "tasks"
        project = orm.Required(Project, column="project_id")
        name = orm.Required(str)
        notes = orm.Optional(str)
        done = orm.Required(bool)
        position = orm.Required(int)
        created_at = orm.Required(datetime, default=now)
        updated_at = orm.Required(datetime, default=now)

        def before_update(self) -> None:
            self.updated_at = now()

    return Project, Task


class PonySide:
    name = "Pony"

    def open(self, path: str) -> None:
        database = orm.Database()
        self.projects, self.tasks = entities(database)

        @database.on_connect(provider="sqlite")
        def set_pragmas(_: Any, connection: Any) -> None:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")

        database.bind(provider="sqlite", filename=path)
        database.generate_mapping(create_tables=False)
        self.database = database
        self.jobs = Jobs()

    def close(self) -> None:
        self.jobs.close()
        self.database.disconnect()

    @orm.db_session
    def hydrate(self) -> int:
        total = 0
        for task in self.tasks.select()[:]:
            task.id, task.name
            total += task.position
        return total

    @orm.db_session
    def lazy(self) -> int:
        return len(self.tasks.select()[:])

    @orm.db_session
    def stream(self) -> int:
        return sum(task.position for task in self.tasks.select())

    @orm.db_session
    def preload(self) -> int:
        total = 0
        projects = self.projects
        chosen = orm.select(project for project in projects if project.id <= PRELOADED)
        for project in chosen.prefetch(projects.tasks):
            for task in project.tasks:
                total += task.position
        return total

    @orm.db_session
    def search(self) -> int:
        total = 0
        tasks = self.tasks
        for key in range(1, SEARCHES + 1):
            name = project_name(key)
            for task in orm.select(task for task in tasks if task.project.name == name):
                total += task.position
        return total

    @orm.db_session
    def find(self) -> int:
        return sum(self.tasks[key].position for key in range(1, FINDS + 1))

    @orm.db_session
    def count(self) -> int:
        total = 0
        tasks = self.tasks
        for i in range(COUNTS):
            key = i + 1
            total += orm.select(task for task in tasks if task.project.id == key).count()
        return total

    @orm.db_session
    def pluck(self) -> int:
        tasks = self.tasks
        found = orm.select((task.id, task.name, task.position) for task in tasks)[:]
        return sum([row[2] for row in found])

    @orm.db_session
    def create(self) -> int:
        last = 0
        for i in range(CREATES):
            task = self.tasks(project=1, name=f"task {i}", notes="notes", done=False, position=i)
            orm.flush()
            last = task.id
        return last

    @orm.db_session
    def update(self) -> int:
        changed = 0
        tasks = self.tasks
        for task in orm.select(task for task in tasks if task.id <= UPDATES)[:]:
            task.name = f"{task.name} renamed"
            orm.flush()
            changed += 1
        return changed

    @orm.db_session
    def insert_multiple(self) -> int:
        for row in ROWS:
            self.tasks(**dict(zip(NAMES, row, strict=True)))
        return len(ROWS)

    def at_once(self) -> int:
        return self.jobs.run(self._finds)

    @orm.db_session
    def _finds(self, keys: range) -> int:
        return sum(self.tasks[key].position for key in keys)


NAMES = ("project", *COLUMNS[1:])
ROWS = rows()
