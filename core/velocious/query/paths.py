"""Relationship paths from the shapes people write them in: names, lists and nested dicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import UnsupportedValueError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from velocious.query.resolution import Path


def relationship_paths(given: Any) -> tuple[Path, ...]:
    """Every path named in *given*, parents before children, each once.

    ``("tasks", {"project": ["account", {"owner": True}]})`` → ``tasks``, ``project``,
    ``project.account``,
    ``project.owner``.
    """
    return tuple(dict.fromkeys(_walk(given, ())))


def _walk(given: Any, prefix: Path) -> Iterator[Path]:
    if isinstance(given, str):
        yield from _dotted(given, prefix)
    elif isinstance(given, Mapping):
        for name, nested in cast("Mapping[str, Any]", given).items():
            yield (*prefix, name)
            yield from _walk(nested, (*prefix, name))
    elif isinstance(given, list | tuple | set | frozenset):
        for one in cast("list[Any]", given):
            yield from _walk(one, prefix)
    elif given is not True and given is not None:
        raise UnsupportedValueError(
            f"{given!r} does not name a relationship. Use names, lists of names, or dicts for "
            "nested ones."
        )


def _dotted(name: str, prefix: Path) -> Iterator[Path]:
    for step in name.split("."):
        prefix = (*prefix, step)
        yield prefix
