"""Peewee, with insert_many in chunks for many rows."""

from __future__ import annotations

from datetime import UTC, datetime

import peewee

from benchmarks.orm.work import COLUMNS, CREATES, FINDS, PRAGMAS, TABLE, rows

database = peewee.SqliteDatabase(None)


def now() -> datetime:
    return datetime.now(UTC)


class Task(peewee.Model):
    project_id = peewee.IntegerField(null=True)
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
        database.execute_sql(TABLE)

    def close(self) -> None:
        database.close()

    def clear(self) -> None:
        database.execute_sql("DELETE FROM tasks")
        database.execute_sql("DELETE FROM sqlite_sequence")

    def insert_multiple(self) -> int:
        fields = [getattr(Task, column) for column in COLUMNS]
        with database.atomic():
            for chunk in peewee.chunked(ROWS, 500):
                Task.insert_many(chunk, fields=fields).execute()
        return len(ROWS)

    def hydrate(self) -> int:
        total = 0
        for task in list(Task.select()):
            task.project_id, task.name
            total += task.position
        return total

    def find(self) -> int:
        return sum(Task.get_by_id(key).position for key in range(1, FINDS + 1))

    def create(self) -> int:
        last = 0
        with database.atomic():
            for i in range(CREATES):
                task = Task.create(
                    project_id=1, name=f"task {i}", notes="notes", done=False, position=i
                )
                last = task.id
        return last

    def count(self) -> int:
        return Task.select().count()


ROWS = rows()
