"""Hooks that say what answers a request before the drawn routes are asked.

Law: a hook is given what it asks for by name; one that asks for something else stops the start.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl

from starlette.requests import Request

from velocious.controller.dispatch import action_endpoint
from velocious.errors import RouteHookError, suggestion
from velocious.routing.hook_answers import check_answer, hook_name
from velocious.routing.table import route_path

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller
    from velocious.routing.hook_answers import Resolved
    from velocious.routing.table import RouteTable

#: How many of the actions that hooks named are kept ready.
KEPT = 256
GIVEN = (
    "current_path",
    "request",
    "params",
    "configuration",
    "has_matching_custom_route",
    "resolver",
)


class RouteHooks:
    """The hooks of an application, asked one after another until one answers.

    A hook is called with those of :data:`GIVEN` that it has parameters for, and returns None or a
    mapping of :data:`velocious.routing.hook_answers.KEYS`; it may be ``async``.
    """

    def __init__(
        self, hooks: Sequence[Callable[..., Any]], table: RouteTable, configuration: Configuration
    ) -> None:
        self._hooks = [(hook, _wanted(hook)) for hook in hooks]
        self._table = table
        self._configuration = configuration
        # Bounded, for a hook may make a folder's name of what a request says.
        self._endpoint_of = lru_cache(maxsize=KEPT)(self._make)

    async def find(self, scope: Scope, receive: Receive, send: Send) -> ASGIApp | None:
        """What answers the request of *scope* by the word of a hook.

        Raises:
            RouteHookError: a hook answered with something that is no route.
        """
        given = self._given(scope, receive, send)
        for hook, wanted in self._hooks:
            answer = hook(**{name: given[name] for name in wanted})
            if isinstance(answer, Awaitable):
                answer = await cast("Awaitable[Any]", answer)
            if answer is not None:
                return self._endpoint(check_answer(hook, answer), scope)
        return None

    def _given(self, scope: Scope, receive: Receive, send: Send) -> dict[str, Any]:
        return {
            "current_path": route_path(scope),
            # A copy: what a hook reads of the request leaves no trace in the action's.
            "request": Request(dict(scope), receive, send),
            "params": dict(parse_qsl(scope["query_string"].decode("latin-1"))),
            "configuration": self._configuration,
            "has_matching_custom_route": self._table.find(dict(scope)) is not None,
            "resolver": self._table,
        }

    def _endpoint(self, resolved: Resolved, scope: Scope) -> ASGIApp:
        scope["path_params"] = dict(resolved.params)
        return self._endpoint_of(resolved.controller, resolved.action, resolved.view_path)

    def _make(self, controller: type[Controller], action: str, view_path: str | None) -> ASGIApp:
        if view_path is not None:
            own = {"view_path": view_path, "__module__": controller.__module__}
            controller = type(controller.__name__, (controller,), own)
        return action_endpoint(self._configuration, controller, action)


def _wanted(hook: Callable[..., Any]) -> tuple[str, ...]:
    """The names that *hook* takes. Raises RouteHookError for others that it insists on."""
    taken = inspect.signature(hook).parameters
    if any(one.kind is one.VAR_KEYWORD for one in taken.values()):
        return GIVEN
    for name, one in taken.items():
        if name not in GIVEN and one.default is one.empty and one.kind is not one.VAR_POSITIONAL:
            raise RouteHookError(
                f"{hook_name(hook)} asks for {name!r}, which no hook is given. "
                f"{suggestion(name, GIVEN)}"
            )
    return tuple(name for name in GIVEN if name in taken)
