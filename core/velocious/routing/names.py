"""The names of routes: which helper leads to which path.

Law: a name has one path. Who gives a name with ``as_`` is told where it is taken; a name that
nobody gave is the first one's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from velocious.errors import RoutingError
from velocious.routing.path import parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from velocious.routing.constraints import Constraints


class NamedPath(NamedTuple):
    """A path that has a name.

    Attributes:
        given: whether somebody chose the name.
    """

    path: str
    constraints: Constraints
    given: bool


class RouteNames:
    """All names of an application's routes."""

    def __init__(self) -> None:
        self._paths: dict[str, NamedPath] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def get(self, name: str) -> NamedPath | None:
        return self._paths.get(name)

    def take(self, name: str, path: str, constraints: Constraints, *, given: bool) -> str | None:
        """*name*, where it is that of *path* from now on; None where an earlier path has it.

        Raises:
            RoutingError: somebody gave it, and it is taken or no name.
        """
        if not name.isidentifier():
            return self._refuse(name) if given else None
        earlier = self._paths.get(name)
        if earlier is None or (given and not earlier.given):
            self._paths[name] = NamedPath(path, constraints, given)
        elif earlier.path != path:
            if given:
                raise RoutingError(
                    f"as_={name!r} is given to {path} and to {earlier.path} already: {name}_path() "
                    "could lead to one of them only. Give one of the two another name."
                )
            return None
        return name

    def _refuse(self, name: str) -> None:
        raise RoutingError(
            f"as_={name!r} cannot name a route: {name}_path would be no name in Python. Use "
            "letters, digits and underscores."
        )


def name_of(path: str) -> str:
    """The name that *path* has by itself (``"/api/ping"`` → ``"api_ping"``); none with parameters,
    for nobody could guess it.
    """
    return "" if parameters(path) else word(path)


def word(text: str) -> str:
    """*text* as a part of a name: ``"to-dos"`` → ``"to_dos"``."""
    return re.sub(r"\W+", "_", text).strip("_")
