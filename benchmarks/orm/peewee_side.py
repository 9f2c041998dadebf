"""Peewee, with insert_many in chunks for many rows."""

from __future__ import annotations

from datetime import UTC, datetime

import peewee

from benchmarks.orm.data import COLUMNS, PRAGMAS, project_name, rows
from benchmarks.orm.jobs import Jobs
from benchmarks.orm.workloads import COUNTS, CREATES, FINDS, PRELOADED, SEARCHES, UPDATES

database = peewee.SqliteDatabase(None)


def now() -> datetime:
    return datetime.now(UTC)


class Project(peewee.Model):
    name = peewee.CharField()
    created_at = peewee.DateTimeField(default=now)
    updated_at = peewee.DateTimeField(default=now)

    class Meta:
        database = database
        table_name = "projects"


class Task(peewee.Model):
    project = peewee.ForeignKeyField(Project, backref="tasks")
    name = peewee.CharField()
    notes = peewee.TextField(null=True)
    done = peewee.BooleanField()
    position = peewee.IntegerField()
    created_at = peewee.DateTimeField(default=now)
    updated_at = peewee.DateTimeField(default=now)

    class Meta:
        database = database
        table_name = "tasks"


class PeeweeSide:
    name = "Peewee"

    def open(self, path: str) -> None:
        pragmas = [tuple(pragma.split("=")) for pragma in PRAGMAS]
        database.init(path, pragmas=pragmas)
        database.connect()
        self.jobs = Jobs()

    def close(self) -> None:
        self.jobs.close()
        database.close()

    def hydrate(self) -> int:
        total = 0
        for task in list(Task.select()):
            task.id, task.name
            total += task.position
        return total

    def lazy(self) -> int:
        return len(list(Task.select()))

    def stream(self) -> int:
        return sum(task.position for task in Task.select().iterator())

    def preload(self) -> int:
        total = 0
        projects = Project.select().where(Project.id <= PRELOADED)
        for project in peewee.prefetch(projects, Task.select()):
            for task in project.tasks:
                total += task.position
        return total

    def search(self) -> int:
        total = 0
        for key in range(1, SEARCHES + 1):
            for task in Task.select().join(Project).where(Project.name == project_name(key)):
                total += task.position
        return total

    def find(self) -> int:
        return sum(Task.get_by_id(key).position for key in range(1, FINDS + 1))

    def count(self) -> int:
        return sum(Task.select().where(Task.project == i + 1).count() for i in range(COUNTS))

    def pluck(self) -> int:
        found = list(Task.select(Task.id, Task.name, Task.position).tuples())
        return sum([row[2] for row in found])

    def create(self) -> int:
        last = 0
        with database.atomic():
            for i in range(CREATES):
                task = Task.create(
                    project_id=1, name=f"task {i}", notes="notes", done=False, position=i
                )
                last = task.id
        return last

    def update(self) -> int:
        changed = 0
        with database.atomic():
            for task in list(Task.select().where(Task.id <= UPDATES)):
                task.name = f"{task.name} renamed"
                task.updated_at = now()
                changed += task.save()
        return changed

    def insert_multiple(self) -> int:
        fields = [getattr(Task, column) for column in COLUMNS]
        with database.atomic():
            for chunk in peewee.chunked(ROWS, 500):
                Task.insert_many(chunk, fields=fields).execute()
        return len(ROWS)

    def at_once(self) -> int:
        return self.jobs.run(self._finds)

    def _finds(self, keys: range) -> int:
        return sum(Task.get_by_id(key).position for key in keys)


ROWS = rows()
