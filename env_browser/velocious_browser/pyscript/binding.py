"""``bind``: what a query or a function gives, as HTML in an element of the page, and again when it
has changed.
"""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any, Protocol

from velocious_browser.pyscript.opening import application
from velocious_browser.pyscript.page import page
from velocious_browser.pyscript.showing import Showing, template_text

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


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
        self._running: asyncio.Lock = asyncio.Lock()
        self._asked = 0
        self._done = 0

    async def refresh(self) -> None:
        """Ask anew and show what has changed. Whoever asks meanwhile shares the next time."""
        self._asked += 1
        wanted = self._asked
        async with self._running:
            if self._done >= wanted:
                return
            covered = self._asked
            html = self._showing.html(await self._read())
            await page().render(self.selector, html)
            self._done = covered

    def stop(self) -> None:
        """Leave the element as it is from now on."""
        if self in _bindings:
            _bindings.remove(self)


_bindings: list[Binding] = []


async def bind(
    source: Source, selector: str, template: str | None = None, *, as_: str | None = None
) -> Binding:
    """Show what *source* gives in the element at the CSS *selector*, again whenever it changes::

        await bind(Task.order("id"), "#tasks", "#rows")
        await bind(Task.open().count, "#open")

    Arguments:
        source: a query, or a function (``async`` or not) without arguments.
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
    await binding.refresh()
    _bindings.append(binding)
    return binding


async def refresh_all() -> None:
    """Show everything anew that is bound."""
    for binding in tuple(_bindings):
        await binding.refresh()


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
