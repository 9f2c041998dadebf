"""Functions that the page may call.

Law: a page reaches a function only if the application exposed it with :func:`action`; a name that
arrives from the page is looked up among those, never imported.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from velocious.errors import CommandError, ConfigurationError, suggestion

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

type Function = Callable[..., Awaitable[Any]]

_actions: dict[str, Function] = {}


class UnknownActionError(CommandError):
    """The page called an action that the application does not expose."""

    code = "unknown_action"

    def __init__(self, name: str, known: list[str]) -> None:
        self.name = name
        self.known = known
        super().__init__(
            f"There is no action {name!r}. {suggestion(name, known)} "
            "Expose a function with `@action()` of velocious_browser.actions, in a module of "
            "app/actions/ "
            "that Configuration(browser=[…]) sends to the browser."
        )


class ActionPayloadError(CommandError):
    """The page called an action with arguments that its function does not take."""

    code = "action_payload"

    def __init__(self, name: str, problem: str, function: Function) -> None:
        self.name = name
        super().__init__(
            f"The action {name!r} cannot take these arguments: {problem}. Its parameters are "
            f"{inspect.signature(function)}: `await app.call({name!r}, {{name: value}})`, or with "
            "a list of values in their order."
        )


def action[F: Function](name: str | None = None) -> Callable[[F], F]:
    """Expose an ``async def`` to the page, as ``"module:function"`` or under a name of your own.

    ::

        @action("board.list")
        async def list_tasks(project: int) -> list[Task]:
            return await Task.where(project_id=project).to_list()

    In the page: ``await app.call("board.list", {project: 1})``. How values travel is in
    ``docs/javascript.md``; a record travels as its attributes.
    """
    if callable(name):
        raise ConfigurationError(f"Write `@action()` above {name!r}, with the parentheses.")

    def expose(function: F) -> F:
        _register(name or f"{function.__module__}:{function.__qualname__}", function)
        return function

    return expose


def _register(name: str, function: Function) -> None:
    if not inspect.iscoroutinefunction(function):
        raise ConfigurationError(
            f"The action {name!r} is {function!r}, which cannot be awaited. Write `async def`."
        )
    earlier = _actions.get(name)
    if earlier is not None and _place(earlier) != _place(function):
        raise ConfigurationError(
            f"The action {name!r} is exposed twice: by {_place(earlier)} and by "
            f"{_place(function)}. "
            'Give one of them another name: `@action("…")`.'
        )
    _actions[name] = function


def action_names() -> list[str]:
    """The names of everything exposed so far."""
    return sorted(_actions)


async def perform(name: str, payload: object) -> Any:
    """Call the action *name* with *payload*: a dictionary of keyword arguments, a list of
    positional ones, or None.

    Raises:
        UnknownActionError: nothing of that name was exposed.
        ActionPayloadError: the function does not take such arguments.
    """
    return await _start(name, exposed(name), payload)


def exposed(name: str) -> Function:
    """The function behind the action *name*. Raises UnknownActionError where there is none."""
    function = _actions.get(name)
    if function is None:
        raise UnknownActionError(name, action_names())
    return function


def _start(name: str, function: Function, payload: object) -> Awaitable[Any]:
    given: Any = payload
    try:
        # A coroutine function binds its arguments here and runs only when it is awaited.
        if given is None:
            return function()
        if isinstance(given, dict):
            return function(**given)
        if isinstance(given, list):
            return function(*given)
    except TypeError as error:
        raise ActionPayloadError(name, str(error), function) from error
    raise ActionPayloadError(name, f"{given!r:.100} is neither an object nor a list", function)


def _place(function: Function) -> str:
    return f"{function.__module__}.{function.__qualname__}"
