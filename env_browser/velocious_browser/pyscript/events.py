"""What a person does at the page: ``on`` and ``on_submit``.

Law: a handler that ends is followed by rendering every binding anew; one that fails shows why, and
the page looks as it did before.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from velocious_browser.pyscript.binding import refresh_all
from velocious_browser.pyscript.page import page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from velocious.controller import Params

    type Handler = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened at the element that fits the selector.

    Attributes:
        type: ``"click"``, ``"change"``, …
        id: the element's id, or ``""``.
        value: of a control.
        checked: of a checkbox or radio button.
        data: its attributes ``data-…``; ``data-task-id`` is ``data["task_id"]``.
        params: the fields of its form.
        key: of a key.
    """

    type: str
    id: str
    value: str | None
    checked: bool | None
    data: Mapping[str, str]
    params: Params
    key: str | None


@overload
def on[H: Handler](event: str, selector: str, handler: H, *, prevent: bool = False) -> H: ...


@overload
def on[H: Handler](
    event: str, selector: str, handler: None = None, *, prevent: bool = False
) -> Callable[[H], H]: ...


def on(event: str, selector: str, handler: Any = None, *, prevent: bool = False) -> Any:
    """Call *handler* when *event* happens at an element that fits the CSS *selector*, or inside of
    one, now or later::

        @on("click", "[data-task-id]")
        async def finish(event):
            await (await Task.find(event.data["task_id"])).update(done=True)

    A handler may be ``def`` or ``async def``, and take an :class:`Event` or nothing.

    Arguments:
        prevent: whether the browser's own answer (following a link) is left out.
    """

    def register(function: Handler) -> Handler:
        async def handle(happening: dict[str, Any]) -> None:
            await _run(function, _event(happening))

        page().listen(event, selector, handle, prevent=prevent, reset=False)
        return function

    return register if handler is None else register(handler)


@overload
def on_submit[H: Handler](selector: str, handler: H, *, reset: bool = True) -> H: ...


@overload
def on_submit[H: Handler](
    selector: str, handler: None = None, *, reset: bool = True
) -> Callable[[H], H]: ...


def on_submit(selector: str, handler: Any = None, *, reset: bool = True) -> Any:
    """Call *handler* with the fields of the form at *selector* when it is sent::

        @on_submit("#add")
        async def add(params):
            await Task.create(params.permit("name"))

    They are :class:`velocious.controller.Params`, as in a controller. What is submitted before this
    script is that far is kept for it.

    Arguments:
        reset: whether the form is emptied when the handler is done; if it fails, it never is.
    """

    def register(function: Handler) -> Handler:
        async def handle(happening: dict[str, Any]) -> None:
            await _run(function, _event(happening).params)

        page().listen("submit", selector, handle, prevent=True, reset=reset)
        return function

    return register if handler is None else register(handler)


async def _run(function: Handler, given: Any) -> None:
    takes = inspect.signature(function).parameters
    made = function(given) if takes else function()
    if inspect.isawaitable(made):
        await made
    await refresh_all()


def _event(happening: dict[str, Any]) -> Event:
    # Imported here: the first thing that a page does is to show something.
    from velocious.controller.params.nesting import nested

    fields: list[tuple[str, str]] = [(name, value) for name, value in happening["fields"]]
    return Event(
        happening["type"],
        happening["id"],
        happening["value"],
        happening["checked"],
        happening["data"],
        nested(fields),
        happening["key"],
    )
