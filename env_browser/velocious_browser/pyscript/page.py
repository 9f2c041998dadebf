"""The page around the script: asks it, and hears from it.

Law: JSON text goes both ways (``js/messages.mjs`` lists it); every question is answered once.
"""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from typing import TYPE_CHECKING, Any

from velocious.errors import PlatformError, VelociousError
from velocious_browser.interop import json_text, page_end
from velocious_browser.pyscript.opening import context

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from velocious_browser.interop import JsPage

    type Handler = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]

logger = logging.getLogger("velocious.pyscript")


class PageError(PlatformError):
    """The page could not do what it was asked for."""

    code = "page_error"


class Page:
    """One page, whose end of the channel is *js_page*."""

    def __init__(self, js_page: JsPage) -> None:
        self._js_page = js_page
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._handlers: dict[int, Handler] = {}
        # The loop keeps no task alive by itself.
        self._tasks: set[asyncio.Task[None]] = set()
        self._last = 0
        js_page.listen(self._hear)

    async def render(self, selector: str, html: str) -> None:
        """Make *html* what is inside of the elements that fit *selector*. Raises PageError."""
        await self._ask("render", selector=selector, html=html)

    async def template(self, selector: str) -> str:
        """The text of ``<script type="text/jinja">`` at *selector*. Raises PageError."""
        return await self._ask("template", selector=selector)

    def listen(self, event: str, selector: str, handler: Handler, **how: bool) -> None:
        """Have *handler* called with each *event* at elements that fit *selector*."""
        self._last += 1
        self._handlers[self._last] = handler
        told = self._ask("listen", listener=self._last, event=event, selector=selector, **how)
        self.start(told, "listening")

    def tell_problem(self, error: BaseException) -> None:
        """Show what went wrong to the person at the page."""
        self._post(type="problem", problem=described(error))

    def start(self, work: Awaitable[Any], name: str) -> None:
        """Run *work* beside the script; what goes wrong in it is shown."""

        async def watched() -> None:
            try:
                await work
            except Exception as error:
                logger.exception("%s failed", name)
                self.tell_problem(error)

        task = asyncio.create_task(watched(), context=context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _ask(self, type: str, **more: Any) -> asyncio.Future[Any]:
        self._last += 1
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._asked[self._last] = answer
        self._post(type=type, id=self._last, **more)
        return answer

    def _post(self, **message: Any) -> None:
        self._js_page.post(json_text(message))

    def _hear(self, text: str) -> None:
        message = json.loads(text)
        if message["type"] == "done":
            answer = self._asked.pop(message["id"])
            if answer.done():
                return
            if message["error"] is None:
                answer.set_result(message["value"])
            else:
                answer.set_exception(PageError(message["error"]))
        elif message["type"] == "event":
            handling = self._handle(message["listener"], message["call"], message["happening"])
            self.start(handling, "an event's answer")

    async def _handle(self, listener: int, call: int, happening: dict[str, Any]) -> None:
        problem = None
        try:
            await self._handlers[listener](happening)
        except Exception as error:
            logger.debug("a handler of %s failed", happening["type"], exc_info=error)
            problem = described(error)
        self._post(type="handled", call=call, problem=problem)


def described(error: BaseException) -> dict[str, str | None]:
    """What a person reads of *error*, and what the console has."""
    if isinstance(error, VelociousError) and error.safe_to_expose:
        # What a model refuses is no fault of the program.
        return {"message": str(error), "detail": None}
    text = str(error)
    message = text if isinstance(error, VelociousError) and text else _short(error)
    return {"message": message, "detail": "".join(traceback.format_exception(error))}


def _short(error: BaseException) -> str:
    return traceback.format_exception_only(error)[0].strip()


_pages: list[Page] = []


def page() -> Page:
    """The page of this script. Raises NotAvailableHereError where there is none."""
    if not _pages:
        _pages.append(Page(page_end()))
    return _pages[0]
