"""The paths of routes: how they are joined, and what may stand in them."""

from __future__ import annotations

import re
from typing import NamedTuple

from velocious.errors import RoutingError, suggestion
from velocious.routing.parameter_types import TYPES

#: What a parameter may not be called: requests never choose them.
RESERVED = ("action", "controller")
#: Each further one multiplies the ways in which a long segment may be cut.
PER_SEGMENT = 3

_PARAMETER = re.compile(r"\{(?P<name>[a-zA-Z_]\w*)(?::(?P<type>\w+))?\}")


class Parameter(NamedTuple):
    """A parameter of a path: ``{id:int}``."""

    name: str
    type: str


def join(*parts: str) -> str:
    """One path from parts that may or may not begin and end with a slash."""
    return "/" + "/".join(filter(None, (part.strip("/") for part in parts)))


def parameters(path: str) -> tuple[Parameter, ...]:
    """The parameters of *path*, from left to right."""
    found = _PARAMETER.finditer(path)
    return tuple(Parameter(one["name"], one["type"] or "str") for one in found)


def pieces(path: str) -> list[str | Parameter]:
    """*path* cut into fixed text and parameters, in turns: text first and last."""
    cut: list[str | Parameter] = []
    end = 0
    for found in _PARAMETER.finditer(path):
        cut += [path[end : found.start()], Parameter(found["name"], found["type"] or "str")]
        end = found.end()
    return [*cut, path[end:]]


def check_path(path: str) -> str:
    """*path*, where it is one that a request can have.

    Raises:
        RoutingError: with what is wrong in it.
    """
    rest = _PARAMETER.sub("x", path)
    if re.search(r"[{}?#\s]|//", rest):
        raise RoutingError(
            f"{path!r} is not a path of a route. Write it like '/tasks/{{id:int}}': names in "
            "braces, no spaces, no query."
        )
    _check_parameters(path, parameters(path))
    _check_segments(path)
    return path


def shape(path: str) -> str:
    """*path* without the names of its parameters: two paths of one shape match the same."""
    return _PARAMETER.sub(lambda found: f"{{{found['type'] or 'str'}}}", path)


def _check_parameters(path: str, found: tuple[Parameter, ...]) -> None:
    for name, kind in found:
        if kind not in TYPES:
            raise RoutingError(
                f"{path!r} has a parameter of the unknown type {kind!r}. {suggestion(kind, TYPES)}"
            )
        if name in RESERVED:
            raise RoutingError(
                f"{path!r} has a parameter {name!r}: which action answers is not for requests to "
                "say. Give it another name."
            )
    names = [one.name for one in found]
    if len(names) != len(set(names)):
        raise RoutingError(
            f"{path!r} has a parameter twice. Give each its own name, as in "
            "'/projects/{project_id}/tasks/{id}'."
        )


def _check_segments(path: str) -> None:
    if "}{" in path:
        raise RoutingError(
            f"{path!r} has two parameters side by side: nobody could tell where one ends. Put a "
            "slash or another character between them."
        )
    if sum(one.type == "path" for one in parameters(path)) > 1:
        raise RoutingError(
            f"{path!r} has two parameters of the type 'path', each of which may hold slashes. "
            "Keep one of them."
        )
    for segment in path.split("/"):
        inside = parameters(segment)
        if len(inside) > 1 and any(one.type == "path" for one in inside):
            raise RoutingError(
                f"{path!r} has a parameter of the type 'path' beside another one in {segment!r}. "
                "Give it a part of its own."
            )
        if len(inside) > PER_SEGMENT:
            raise RoutingError(
                f"{path!r} has {len(inside)} parameters in {segment!r}. Give slashes between them: "
                f"at most {PER_SEGMENT} stand in one part."
            )
