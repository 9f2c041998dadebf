"""``bind``: what a query or a function gives, as HTML in an element of the page, and again when it
has changed.
"""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any, Protocol

from velocious.live import live
from velocious_browser.pyscript.opening import application
from velocious_browser.pyscript.page import page
from velocious_browser.pyscript.showing import Showing, template_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.live import LiveHandle


class Awaited(Protocol):
    """A query: what ``to_list`` gives is shown."""

    def to_list(self) -> Awaitable[list[Any]]: ...


type Source = Awaited | Callable[[], Any]


class Binding:
    """Something that is shown at the page.

    Attributes:
        selector: where.
    """

    def __init__(self, source: Source, selector: str, showing: Showing) -> None:
        self.selector = selector
        self._read = _reader(source)
        self._showing = showing
        self._handle: LiveHandle | None = None
        self._shown: asyncio.Future[None] | None = None

    async def refresh(self) -> None:
        """Ask anew, and return when the page shows it. Raises what the source or template raise."""
        # A walk of its own each time: it may depend on more than what the database says.
        self._stop()
        if self._shown is None or self._shown.done():
            self._shown = asyncio.get_running_loop().create_future()
        self._handle = live(self._result, self._show, self._tell)
        # Somebody else may wait for the same.
        await asyncio.shield(self._shown)

    def stop(self) -> None:
        """Leave the element as it is from now on."""
        self._stop()
        if self._shown is not None and not self._shown.done():
            self._shown.set_result(None)
        if self in _bindings:
            _bindings.remove(self)

    def _stop(self) -> None:
        if self._handle is not None:
            self._handle.stop()

    async def _result(self) -> tuple[Any]:
        # In a tuple: a number that is the same as before is given again, for the element may be new.
        return (await self._read(),)

    async def _show(self, result: tuple[Any]) -> None:
        shown = self._shown
        await page().render(self.selector, self._showing.html(result[0]))
        if shown is not None and not shown.done():
            shown.set_result(None)

    def _tell(self, error: Exception) -> None:
        if self._shown is not None and not self._shown.done():
            self._shown.set_exception(error)
        else:
            page().tell_problem(error)


_bindings: list[Binding] = []


async def bind(
    source: Source, selector: str, template: str | None = None, *, as_: str | None = None
) -> Binding:
    """Show what *source* gives in the element at the CSS *selector*, again whenever it changes::

        await bind(Task.order("id"), "#tasks", "#rows")
        await bind(Task.open().count, "#open")

    Arguments:
        source: a query, or a function (``async`` or not) without arguments that only reads.
        template: Jinja: a text, ``"#rows"`` for ``<script type="text/jinja" id="rows">`` of the
            page, or a file below ``app/views`` (``"tasks/list.html"``). Without one the value is
            shown as people read it.
        as_: what the template calls the result. By default a query's records are called as their
            model (``tasks``), a dict's keys are names of their own, and what else a function gives
            is called as the function.

    Raises:
        PageError: no element fits *selector*.
        TemplateError: the template is none, or uses what it is not given.
    """
    opened = await application()
    text, name = await template_text(opened, template)
    binding = Binding(source, selector, Showing(opened, text, name, as_, _name_of(source)))
    try:
        await binding.refresh()
    except BaseException:
        binding.stop()
        raise
    _bindings.append(binding)
    return binding


async def refresh_all() -> None:
    """Show everything anew that is bound; what cannot be shown is told at the page."""
    shown = await asyncio.gather(
        *(binding.refresh() for binding in _bindings), return_exceptions=True
    )
    for outcome in shown:
        if isinstance(outcome, Exception):
            page().tell_problem(outcome)


def _reader(source: Source) -> Callable[[], Awaitable[Any]]:
    if callable(source):
        function = source

        async def call() -> Any:
            made = function()
            return await made if inspect.isawaitable(made) else made

        return call
    return source.to_list


def _name_of(source: Source) -> str:
    """Records are called as their model, a function's result as the function."""
    model = getattr(source, "_model", None)
    if model is None:
        name: str = getattr(source, "__name__", "")
        return name if name.isidentifier() else "result"
    from velocious.naming import pluralize, underscore

    return pluralize(underscore(model.__name__))
