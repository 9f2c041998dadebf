"""Asking the application whose a request, a connection or a job is, and what they may do.

Law: whoever does not ask pays nothing. A plain resolver is called when something first needs the
answer; one that is ``async`` before each action, for nothing after that could wait for it.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, cast

from velocious.authorization.ability import Ability
from velocious.errors import ConfigurationError, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

#: What a resolver may take; it gets what it names, None where there is no such thing.
NAMES = ("request", "params", "controller", "user", "connection", "subscription", "job")


class AbilityResolver:
    """``Configuration(ability_resolver=…)``, ready to be called.

    Attributes:
        waits: whether its answer has to be awaited.

    Raises:
        ConfigurationError: *function* takes what nobody gives.
    """

    __slots__ = ("_function", "_names", "waits")

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._names = _names(function)
        call = getattr(function, "__call__", None)  # noqa: B004
        self.waits = inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call)

    def now(self, **given: Any) -> Ability | None:
        """The answer at once. Raises ConfigurationError where it has to be awaited."""
        found = self._call(given)
        if isinstance(found, Awaitable):
            close = getattr(cast("Any", found), "close", None)
            if close is not None:
                close()
            raise ConfigurationError(
                f"ability_resolver={self._function!r} returned something to be awaited. Write it "
                "as `async def`: then it is awaited before each action."
            )
        return _checked(found)

    async def later(self, **given: Any) -> Ability | None:
        """The answer, waited for where it is necessary."""
        found = self._call(given)
        if isinstance(found, Awaitable):
            found = await cast("Awaitable[Any]", found)
        return _checked(found)

    def _call(self, given: dict[str, Any]) -> Any:
        return self._function(**{name: given.get(name) for name in self._names})


def _names(function: Any) -> tuple[str, ...]:
    parameters = inspect.signature(function).parameters.values()
    if any(one.kind is one.VAR_KEYWORD for one in parameters):
        return NAMES
    for one in parameters:
        if one.name not in NAMES and one.default is one.empty:
            raise ConfigurationError(
                f"ability_resolver takes {one.name!r}, which nobody gives it. "
                f"{suggestion(one.name, NAMES)}"
            )
    return tuple(one.name for one in parameters if one.name in NAMES)


def _checked(found: Any) -> Ability | None:
    if found is not None and not isinstance(found, Ability):
        raise ConfigurationError(
            f"ability_resolver returned {found!r}. It returns an Ability, Ability(user=user), or "
            "None for whoever has none."
        )
    return found
