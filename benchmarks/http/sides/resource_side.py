"""A resource of Velocious, and the same controllers written by hand."""

from __future__ import annotations

from typing import Any

from benchmarks.resource import configuration


def application(database: str) -> Any:
    return configuration(database).asgi()
