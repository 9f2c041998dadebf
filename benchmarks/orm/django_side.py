"""Django's ORM, with bulk_create for many rows."""

from __future__ import annotations

import django
from django.conf import settings

from benchmarks.orm.data import COLUMNS, PRAGMAS, project_name, rows
from benchmarks.orm.jobs import Jobs
from benchmarks.orm.workloads import COUNTS, CREATES, FINDS, PRELOADED, SEARCHES, UPDATES

settings.configure(
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": ":memory:",
            "OPTIONS": {"init_command": "".join(f"PRAGMA {pragma};" for pragma in PRAGMAS)},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402


class Project(models.Model):
    name = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "benchmark"
        db_table = "projects"


class Task(models.Model):
    project = models.ForeignKey(Project, models.CASCADE, related_name="tasks")
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
        # The connections of the threads share these settings.
        connection.settings_dict["NAME"] = path
        self.jobs = Jobs()

    def close(self) -> None:
        self.jobs.close()
        connection.close()

    def hydrate(self) -> int:
        total = 0
        for task in list(Task.objects.all()):
            task.id, task.name
            total += task.position
        return total

    def lazy(self) -> int:
        return len(list(Task.objects.all()))

    def stream(self) -> int:
        return sum(task.position for task in Task.objects.iterator())

    def preload(self) -> int:
        total = 0
        for project in Project.objects.filter(id__lte=PRELOADED).prefetch_related("tasks"):
            for task in project.tasks.all():
                total += task.position
        return total

    def search(self) -> int:
        total = 0
        for key in range(1, SEARCHES + 1):
            for task in Task.objects.filter(project__name=project_name(key)):
                total += task.position
        return total

    def find(self) -> int:
        return sum(Task.objects.get(pk=key).position for key in range(1, FINDS + 1))

    def count(self) -> int:
        return sum(Task.objects.filter(project_id=i + 1).count() for i in range(COUNTS))

    def pluck(self) -> int:
        found = list(Task.objects.values_list("id", "name", "position"))
        return sum([row[2] for row in found])

    def create(self) -> int:
        last = 0
        with transaction.atomic():
            for i in range(CREATES):
                task = Task.objects.create(
                    project_id=1, name=f"task {i}", notes="notes", done=False, position=i
                )
                last = task.pk
        return last

    def update(self) -> int:
        changed = 0
        with transaction.atomic():
            for task in Task.objects.filter(id__lte=UPDATES):
                task.name = f"{task.name} renamed"
                task.save()
                changed += 1
        return changed

    def insert_multiple(self) -> int:
        made = [Task(**dict(zip(COLUMNS, row, strict=True))) for row in ROWS]
        return len(Task.objects.bulk_create(made))

    def at_once(self) -> int:
        return self.jobs.run(self._finds)

    def _finds(self, keys: range) -> int:
        return sum(Task.objects.get(pk=key).position for key in keys)


ROWS = rows()
