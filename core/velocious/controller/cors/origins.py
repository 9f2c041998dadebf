"""The origins of a rule: exact ones, all below a domain, any, or those that a function takes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

ANY = "*"
#: What browsers call the origin of a page that has none; never taken unless it is listed.
NULL = "null"

_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(?:\*\.)?(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?")


class Origins:
    """Says whether an origin is one of those *given* to a rule.

    Raises:
        ConfigurationError: for an entry that is no origin.
    """

    def __init__(self, given: object) -> None:
        self._asked: Callable[[str], Any] | None = given if callable(given) else None
        listed = [] if callable(given) else [_checked(entry) for entry in _entries(given)]
        self.any = ANY in listed
        self._exact = frozenset(entry for entry in listed if "*" not in entry)
        patterns = [_pattern(entry) for entry in listed if "://*." in entry]
        self._below = re.compile("|".join(patterns)) if patterns else None

    def take(self, origin: str) -> bool:
        """Whether *origin* is one of them."""
        if origin in self._exact:
            return True
        if origin == NULL:
            return False
        if self._asked is not None:
            return bool(self._asked(origin))
        return self.any or (self._below is not None and bool(self._below.fullmatch(origin)))


def _entries(given: object) -> list[object]:
    if isinstance(given, str) or not isinstance(given, list | tuple | set | frozenset):
        raise ConfigurationError(
            f"The origins of a CORS rule are {given!r}; give a list of them, or a function that is "
            "asked with an origin."
        )
    return list(cast("list[object]", given))


def _checked(entry: object) -> str:
    if isinstance(entry, str) and (entry in (ANY, NULL) or _ORIGIN.fullmatch(entry)):
        return entry
    raise ConfigurationError(
        f"A CORS rule allows the origin {entry!r}, which is none. Write scheme and host in small "
        'letters, without a path: "https://app.example.com", "https://*.example.com" for all names '
        'below it, or "*" for any.'
    )


def _pattern(entry: str) -> str:
    scheme, _, rest = entry.partition("://*.")
    return rf"{re.escape(scheme)}://(?:[a-z0-9_-]+\.)+{re.escape(rest)}"
