"""Writes the CSV of example tasks: 200 projects, 20,000 tasks that arrive and 40 that must not.

Law: the same text each time, on every Python, in a server and in a browser. To write it to a file::

    python app/db/seeds/generate.py > tasks.csv
"""

from __future__ import annotations

import csv
import sys
from datetime import date, timedelta
from io import StringIO
from random import Random
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.path.insert(0, __file__.rpartition("/app/")[0] or ".")

from app.db.seeds.awkward import REFUSED, WELCOME
from app.db.seeds.words import CONTEXTS, EFFORTS, PLACES, THINGS, VERBS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEADING = ("reference", "project", "name", "done", "due_on")
TASKS_PER_PROJECT = 100
AWKWARD_EVERY = 50
REFUSED_EVERY = 500
FIRST_DAY = date(2026, 1, 5)


def generate() -> str:
    """The file as text."""
    written = StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(HEADING)
    writer.writerows(_rows(Random(1982)))
    return written.getvalue()


def _rows(random: Random) -> Iterator[tuple[str, ...]]:
    number = 0
    for project in (f"{place} {effort}" for effort in EFFORTS for place in PLACES):
        for _ in range(TASKS_PER_PROJECT):
            number += 1
            yield _task(random, number, project)
            if number % REFUSED_EVERY == 0:
                name, due_on = REFUSED[number // REFUSED_EVERY % len(REFUSED)]
                yield f"X-{number // REFUSED_EVERY:05}", project, name, "no", due_on


def _task(random: Random, number: int, project: str) -> tuple[str, ...]:
    if number % AWKWARD_EVERY == 7:
        name = WELCOME[number // AWKWARD_EVERY % len(WELCOME)]
    else:
        name = f"{_one(random, VERBS)} {_one(random, THINGS)}{_one(random, CONTEXTS)}"
    done = "yes" if random.random() < 0.35 else "no"
    return f"T-{number:05}", project, name, done, _due(random)


def _due(random: Random) -> str:
    if random.random() < 0.4:
        return ""
    return (FIRST_DAY + timedelta(days=int(random.random() * 500))).isoformat()


def _one(random: Random, choices: Sequence[str]) -> str:
    # random.choice may change between Pythons; random.random may not.
    return choices[int(random.random() * len(choices))]


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    sys.stdout.write(generate())
