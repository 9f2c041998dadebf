"""How many connections a database may have, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from velocious.errors import ConfigurationError, UnknownOptionError


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """The connections of one database; all times are seconds.

    Attributes:
        minimum: connections that stay open although nobody uses them.
        maximum: most connections open at once (SQLite: readers in threads).
        timeout: how long a task waits for a connection before it gets PoolTimeoutError.
        idle_timeout: how long a connection beyond *minimum* stays open unused; None: for good.
        max_lifetime: how long a connection is used before a new one takes its place; None: for
            good.
        check_after: how long a connection may have been idle before it is asked whether it still
            lives, when it is taken out.
    """

    minimum: int = 1
    maximum: int = 5
    timeout: float = 10.0
    idle_timeout: float | None = 300.0
    max_lifetime: float | None = 1800.0
    check_after: float = 5.0


_COUNTS = ("minimum", "maximum")


def parse_pool(identifier: str, given: object, default: PoolSettings) -> PoolSettings:
    """Settings from a whole number (the maximum) or a mapping, over *default*.

    Raises:
        UnknownOptionError: for a key that nobody reads.
        ConfigurationError: for a value that makes no sense.
    """
    if isinstance(given, int) and not isinstance(given, bool):
        given = {"maximum": given}
    if not isinstance(given, Mapping):
        raise ConfigurationError(
            f"The option pool of the database {identifier!r} is {given!r}. Give it a whole number "
            'from 1 on, or a mapping such as {"maximum": 10, "timeout": 5}, or leave it out.'
        )
    options = dict(cast("Mapping[str, Any]", given))
    known = [field.name for field in fields(PoolSettings)]
    for name, value in options.items():
        if name not in known:
            raise UnknownOptionError(f"The pool of the database {identifier!r}", name, known)
        _check(identifier, name, value)
    if "minimum" not in options:
        options["minimum"] = min(default.minimum, options.get("maximum", default.maximum))
    pool = replace(default, **options)
    if pool.minimum > pool.maximum:
        raise ConfigurationError(
            f"The pool of the database {identifier!r} has the minimum {pool.minimum} and the "
            f"maximum {pool.maximum}. Make the maximum at least as large as the minimum."
        )
    return pool


def _check(identifier: str, name: str, value: Any) -> None:
    if name in ("minimum", "maximum"):
        smallest = 0 if name == "minimum" else 1
        fits = _is_count(value) and value >= smallest
        wanted = f"a whole number from {smallest} on"
    elif name in ("idle_timeout", "max_lifetime"):
        fits = value is None or (_is_number(value) and value > 0)
        wanted = "a number of seconds, or None for no limit"
    else:
        fits = _is_number(value) and value >= 0
        wanted = "a number of seconds"
    if not fits:
        raise ConfigurationError(
            f"The option {name} of the pool of the database {identifier!r} is {value!r}. "
            f"Give it {wanted}, or leave it out."
        )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
