"""Drills take minutes: they run when they are asked for, with ``-m drill``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "drill" in str(config.getoption("-m")):
        return
    drills = [item for item in items if item.get_closest_marker("drill") is not None]
    items[:] = [item for item in items if item not in drills]
    config.hook.pytest_deselected(items=drills)
