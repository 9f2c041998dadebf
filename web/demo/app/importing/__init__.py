"""Tasks from a CSV file that a person brings."""

from __future__ import annotations

from app.importing.report import Refusal as Refusal
from app.importing.report import Report as Report
from app.importing.tasks import import_tasks as import_tasks
