"""What a client sorts by: ``"-createdAt"``, ``"name desc"``, ``["name", "desc"]``, ``{"project":
"name"}``, ``{"path": ["project"], "column": "name", "direction": "desc"}``, and lists of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from velocious.errors import MalformedCommandError
from velocious.resource.reading.conditions import path
from velocious.resource.reading.shapes import mapping, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from velocious.resource.asking import Asking
    from velocious.resource.exposure import Exposure

    type Path = tuple[str, ...]

_DIRECTIONS = {"asc": "", "desc": "-"}


def sort_keys(given: Any, exposure: Exposure, asking: Asking, prefix: Path = ()) -> Iterator[str]:
    """The keys in *given*, as queries take them: ``"-project.name"``. Raises ResourceError."""
    if given is None:
        return
    if isinstance(given, str):
        yield _of_text(given, exposure, asking, prefix)
    elif isinstance(given, list):
        them = cast("list[Any]", given)
        if _is_pair(them):
            yield _key(them[0], them[1], exposure, asking, prefix)
            return
        for one in them:
            yield from sort_keys(one, exposure, asking, prefix)
    else:
        yield from _of_mapping(mapping(given, "sort"), exposure, asking, prefix)


def _of_mapping(
    given: dict[str, Any], exposure: Exposure, asking: Asking, prefix: Path
) -> Iterator[str]:
    if "column" in given:
        steps, target = path(given.get("path"), exposure, asking)
        direction = given.get("direction", "asc")
        yield _key(given["column"], direction, target, asking, (*prefix, *steps))
        return
    for name, inner in given.items():
        if isinstance(inner, str):
            yield _key(name, inner, exposure, asking, prefix)
            continue
        steps, target = path([name], exposure, asking)
        yield from sort_keys(inner, target, asking, (*prefix, *steps))


def _of_text(given: str, exposure: Exposure, asking: Asking, prefix: Path) -> str:
    words = given.split()
    if len(words) == 1 and words[0].startswith("-"):
        words = [words[0][1:], "desc"]
    if len(words) not in (1, 2):
        raise MalformedCommandError(f"{given!r:.80} is no sort order: write 'name desc'.")
    *steps, column = words[0].split(".")
    if steps:
        found, exposure = path(steps, exposure, asking)
        prefix = (*prefix, *found)
    return _key(column, words[1] if len(words) == 2 else "asc", exposure, asking, prefix)


def _key(column: Any, direction: Any, exposure: Exposure, asking: Asking, prefix: Path) -> str:
    sign = _DIRECTIONS.get(direction.strip().lower()) if isinstance(direction, str) else None
    if sign is None:
        raise MalformedCommandError(f"{direction!r:.40} is neither 'asc' nor 'desc'.")
    name = asking.attribute(exposure, text(column, "sort"), "sort by")
    return sign + ".".join((*prefix, name))


def _is_pair(given: list[Any]) -> bool:
    """Whether it is ``["name", "desc"]``, and no list of two names."""
    return (
        len(given) == 2
        and all(isinstance(one, str) for one in given)
        and given[1].strip().lower() in _DIRECTIONS
    )
