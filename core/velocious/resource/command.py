"""``@command``: what a client may ask for besides reading and writing rows."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Literal

from velocious.errors import InvalidArgumentsError, ResourceDeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

type Place = Literal["member", "collection"]


class Command:
    """A command of a resource: the method, and what asking for it needs.

    Attributes:
        name: the method's name.
        on: ``"member"``: of one record, which the method is given; ``"collection"``: of none.
        action: what the ability must allow.
    """

    def __init__(self, method: Callable[..., Any], on: Place, action: str | None) -> None:
        self.method = method
        self.on: Place = on
        self.name = method.__name__
        self.action = action or self.name
        self.__doc__ = method.__doc__
        self._parameters = _parameters(method, on)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, resource: Any, owner: type) -> Any:
        bound: Any = self.method
        return self if resource is None else bound.__get__(resource, owner)

    def arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """*given* as the method takes it.

        Raises:
            InvalidArgumentsError: it takes others, or one is missing.
        """
        if self._parameters is None:
            return dict(given)
        errors: dict[str, tuple[str, str]] = {}
        for name in given:
            if name not in self._parameters:
                errors[name] = ("unknown", "is no argument of it")
        for name, required in self._parameters.items():
            if required and name not in given:
                errors[name] = ("missing", "is missing")
        if errors:
            raise InvalidArgumentsError(self.name, errors)
        return dict(given)


def command(*, on: Place = "member", action: str | None = None) -> Callable[[Any], Any]:
    """Let clients call a method of a resource::

        @command(on="member", action="update")
        async def archive(self, task, reason=""):
            await task.update(archived=True)
            return task

    What a member command changes is for the record that the client named, if it may read it, and
    the ability allows *action* (by default called like the method) on it. A collection command
    needs an ability that may allow *action* on some record.
    """
    if on not in ("member", "collection"):
        raise ResourceDeclarationError(
            f'@command(on={on!r}): a command is on="member" or on="collection".'
        )

    def declare(method: Any) -> Any:
        if not inspect.iscoroutinefunction(method):
            raise ResourceDeclarationError(
                f"@command is written above {method!r}, which is no `async def` method."
            )
        return Command(method, on, action)

    return declare


def _parameters(method: Callable[..., Any], on: Place) -> dict[str, bool] | None:
    """The names that *method* takes from clients, and whether it needs each; None for any."""
    own = 2 if on == "member" else 1
    taken = [*inspect.signature(method).parameters.values()]
    if len(taken) < own or any(one.kind is one.VAR_POSITIONAL for one in taken):
        record = "self and the record" if on == "member" else "self"
        raise ResourceDeclarationError(
            f"The command {method.__qualname__} is given {record}, and arguments by name."
        )
    if any(one.kind is one.VAR_KEYWORD for one in taken):
        return None
    return {one.name: one.default is one.empty for one in taken[own:]}
