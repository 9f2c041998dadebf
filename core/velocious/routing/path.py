"""The paths of routes: how they are joined, and what may stand in them."""

from __future__ import annotations

import re

from velocious.errors import RoutingError, suggestion

#: What a parameter may be, and what it is turned into (Starlette's converters).
PARAMETER_TYPES = ("float", "int", "path", "str", "uuid")

_PARAMETER = re.compile(r"\{(?P<name>[a-zA-Z_]\w*)(?::(?P<type>\w+))?\}")


def join(*parts: str) -> str:
    """One path from parts that may or may not begin and end with a slash."""
    return "/" + "/".join(filter(None, (part.strip("/") for part in parts)))


def check_path(path: str) -> str:
    """*path*, where it is one that a request can have.

    Raises:
        RoutingError: with what is wrong in it.
    """
    names: list[str] = []
    for parameter in _PARAMETER.finditer(path):
        names.append(parameter["name"])
        _check_type(path, parameter["type"] or "str")
    rest = _PARAMETER.sub("x", path)
    if re.search(r"[{}?#\s]|//", rest):
        raise RoutingError(
            f"{path!r} is not a path of a route. Write it like '/tasks/{{id:int}}': names in "
            "braces, no spaces, no query."
        )
    if len(names) != len(set(names)):
        raise RoutingError(
            f"{path!r} has a parameter twice. Give each its own name, as in "
            "'/projects/{project_id}/tasks/{id}'."
        )
    return path


def shape(path: str) -> str:
    """*path* without the names of its parameters: two paths of one shape match the same."""
    return _PARAMETER.sub(lambda found: f"{{{found['type'] or 'str'}}}", path)


def _check_type(path: str, name: str) -> None:
    if name not in PARAMETER_TYPES:
        raise RoutingError(
            f"{path!r} has a parameter of the unknown type {name!r}. "
            f"{suggestion(name, PARAMETER_TYPES)}"
        )
