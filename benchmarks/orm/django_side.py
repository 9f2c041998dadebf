"""Django's ORM, with bulk_create for many rows."""

from __future__ import annotations

import django
from django.conf import settings

from benchmarks.orm.work import COLUMNS, CREATES, FINDS, PRAGMAS, TABLE, rows

settings.configure(
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402


class Task(models.Model):
    project_id = models.IntegerField(null=True)
    name = models.CharField(max_length=255)
    notes = models.TextField(null=True)
    done = models.BooleanField()
    position = models.IntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "benchmark"
        db_table = "tasks"


class DjangoSide:
    name = "Django"

    def open(self, path: str) -> None:
        connection.settings_dict["NAME"] = path
        with connection.cursor() as cursor:
            for pragma in PRAGMAS:
                cursor.execute(f"PRAGMA {pragma}")
            cursor.execute(TABLE)

    def close(self) -> None:
        connection.close()

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM tasks")
            cursor.execute("DELETE FROM sqlite_sequence")

    def insert_multiple(self) -> int:
        made = [Task(**dict(zip(COLUMNS, row, strict=True))) for row in ROWS]
        return len(Task.objects.bulk_create(made))

    def hydrate(self) -> int:
        total = 0
        for task in list(Task.objects.all()):
            task.project_id, task.name
            total += task.position
        return total

    def find(self) -> int:
        return sum(Task.objects.get(pk=key).position for key in range(1, FINDS + 1))

    def create(self) -> int:
        last = 0
        with transaction.atomic():
            for i in range(CREATES):
                task = Task.objects.create(
                    project_id=1, name=f"task {i}", notes="notes", done=False, position=i
                )
                last = task.pk
        return last

    def count(self) -> int:
        return Task.objects.count()


ROWS = rows()
