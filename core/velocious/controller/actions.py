"""Which methods of a controller are actions."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from velocious.controller.controller import Controller
from velocious.controller.filters import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator


def action_names(found: type[Controller]) -> list[str]:
    """The public async methods that a controller, its parents and what is mixed in add to what
    every controller has; filters are none.
    """
    members = {
        name: value for parent in _own_parents(found) for name, value in vars(parent).items()
    }
    filters = {name for name in members if _is_marked(found, name)}
    return sorted(
        name for name, value in members.items() if _is_action(name, value) and name not in filters
    )


def _own_parents(found: type[Controller]) -> Iterator[type]:
    common = set(Controller.__mro__)
    return (parent for parent in reversed(found.__mro__) if parent not in common)


def _is_marked(found: type[Controller], name: str) -> bool:
    return any(hasattr(vars(parent).get(name), MARK) for parent in found.__mro__)


def _is_action(name: str, value: Any) -> bool:
    inherited = hasattr(Controller, name)
    return not name.startswith("_") and not inherited and inspect.iscoroutinefunction(value)
