"""Runs an action with its filters around it."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from starlette.responses import Response

from velocious.controller.answer.settling import settled
from velocious.errors import FilterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.datastructures import MutableHeaders

    from velocious.controller.controller import Controller
    from velocious.controller.plan import Plan

    type Proceed = Callable[[], Awaitable[Any]]


class ComingAnswer:
    """The answer as ``http.around_action`` sees it: it may not be there yet."""

    __slots__ = ("_controller",)

    def __init__(self, controller: Controller) -> None:
        self._controller = controller

    @property
    def headers(self) -> MutableHeaders:
        """The headers that the answer has, or will have."""
        return self._controller.headers

    @property
    def status(self) -> int | None:
        """The status; None before there is an answer."""
        answer = self._controller.response
        return None if answer is None else answer.status_code


def filtered(
    run: Callable[[Controller], Awaitable[Any]], plan: Plan, everywhere: Callable[..., Any] | None
) -> Callable[[Controller], Awaitable[Any]]:
    """*run* with the filters of *plan*, and with the application's ``http.around_action``."""

    async def core(controller: Controller) -> None:
        for name in plan.before:
            await _call(controller, name)
            if controller.response is not None:
                return
        settled(controller, await run(controller))
        for name in plan.after:
            await _call(controller, name)

    async def wrapped(controller: Controller) -> None:
        proceed: Proceed = partial(core, controller)
        for name in reversed(plan.around):
            proceed = partial(_around, controller, name, _Once(proceed, name))
        if everywhere is None:
            await proceed()
            return
        once = _Once(proceed, "http.around_action")
        returned = everywhere(
            request=controller.request, response=ComingAnswer(controller), next=once
        )
        _take(controller, await returned if isinstance(returned, Awaitable) else returned)

    return wrapped if plan.around or everywhere is not None else core


class _Once:
    """What a filter around an action awaits, once, to let it run."""

    __slots__ = ("_name", "_proceed", "_used")

    def __init__(self, proceed: Proceed, name: str) -> None:
        self._proceed = proceed
        self._name = name
        self._used = False

    def __call__(self) -> Awaitable[Any]:
        if self._used:
            raise FilterError(f"{self._name} let the action run twice. Await its argument once.")
        self._used = True
        return self._proceed()


async def _around(controller: Controller, name: str, proceed: Proceed) -> None:
    _take(controller, await getattr(controller, name)(proceed))


async def _call(controller: Controller, name: str) -> None:
    returned = getattr(controller, name)()
    if isinstance(returned, Awaitable):
        returned = await cast("Awaitable[Any]", returned)
    _take(controller, returned)


def _take(controller: Controller, returned: Any) -> None:
    """Answer with a response that was returned; other values mean nothing to filters."""
    if isinstance(returned, Response) and returned is not controller.response:
        controller._answer(returned)
