"""The methods of HTTP that a route may answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import RoutingError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


def check_methods(given: Iterable[str]) -> tuple[str, ...]:
    """*given* in capital letters, each once.

    Raises:
        RoutingError: there are none, or one is not among :data:`METHODS`.
    """
    names = [given] if isinstance(given, str) else list(given)
    methods = tuple(dict.fromkeys(name.upper() for name in names))
    for method in methods:
        if method not in METHODS:
            raise RoutingError(
                f"A route cannot answer the method {method!r}. {suggestion(method, METHODS)}"
            )
    if not methods:
        raise RoutingError('A route answers at least one method: methods=["GET", "POST"].')
    return methods
